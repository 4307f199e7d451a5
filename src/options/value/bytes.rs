//! Text, keys and other bytes.

use zeroize::Zeroize;

use super::{Decode, Encode, Encoded, Reader, Reason, unknown};
use crate::curve::{PublicKey, SecretKey};
use crate::error::Result;

/// Checks a text; what is wrong is told without the text, which may be a secret.
fn check(text: &str, max: usize) -> Result<&[u8], Reason> {
    if text.is_empty() {
        return Err("an empty text".into());
    }
    if let Some(position) = text.find('\0') {
        return Err(format!("NUL at byte {position} of the text").into());
    }
    check_len(text.as_bytes(), max)
}

fn check_len(bytes: &[u8], max: usize) -> Result<&[u8], Reason> {
    match bytes.len() {
        0 => Err("no bytes at all".into()),
        len if len > max => Err(format!("{len} bytes, which is more than {max}").into()),
        _ => Ok(bytes),
    }
}

fn read_text(reader: &Reader<'_>) -> Result<String> {
    let mut bytes = reader.bytes()?;
    if let Some(end) = bytes.iter().position(|byte| *byte == 0) {
        bytes.truncate(end);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn read_optional_text(reader: &Reader<'_>) -> Result<Option<String>> {
    read_text(reader).map(|text| Some(text).filter(|text| !text.is_empty()))
}

/// A text of 1 to 255 bytes, or of none where it is only read.
pub(in super::super) struct Text;

impl<V: AsRef<str>> Encode<V> for Text {
    fn encode(value: &V) -> Result<Encoded<'_>, Reason> {
        check(value.as_ref(), 255).map(Encoded::Bytes)
    }
}

impl Decode<String> for Text {
    fn decode(reader: &Reader<'_>) -> Result<String> {
        read_text(reader)
    }
}

/// A text of at most `MAX` bytes, or NULL.
pub(in super::super) struct OptionalText<const MAX: usize>;

pub(in super::super) type Name = OptionalText<255>;
/// As much as can be read again.
pub(in super::super) type Address = OptionalText<0xFFFF>;
/// IFNAMSIZ, with the NUL, is 16.
pub(in super::super) type Device = OptionalText<15>;

impl<const MAX: usize> Encode<Option<&str>> for OptionalText<MAX> {
    fn encode<'a>(value: &'a Option<&str>) -> Result<Encoded<'a>, Reason> {
        value.map_or(Ok(Encoded::Null), |text| check(text, MAX).map(Encoded::Bytes))
    }
}

impl<const MAX: usize> Decode<Option<String>> for OptionalText<MAX> {
    fn decode(reader: &Reader<'_>) -> Result<Option<String>> {
        read_optional_text(reader)
    }
}

/// A text of at most `MAX` bytes that no error shows, or NULL.
pub(in super::super) struct OptionalSecret<const MAX: usize>;

pub(in super::super) type Password = OptionalSecret<255>;
pub(in super::super) type SecretText = OptionalSecret<0xFFFF>;

impl<const MAX: usize> Encode<Option<&str>> for OptionalSecret<MAX> {
    fn encode<'a>(value: &'a Option<&str>) -> Result<Encoded<'a>, Reason> {
        value.map_or(Ok(Encoded::Null), |text| check(text, MAX).map(Encoded::Secret))
    }
}

impl<const MAX: usize> Decode<Option<String>> for OptionalSecret<MAX> {
    fn decode(reader: &Reader<'_>) -> Result<Option<String>> {
        read_optional_text(reader)
    }
}

/// A "X-key:value".
pub(in super::super) struct Property;

impl<V: AsRef<str>> Encode<V> for Property {
    fn encode(value: &V) -> Result<Encoded<'_>, Reason> {
        let text = value.as_ref();
        match text.split_once(':') {
            Some((key, _)) if key.len() > 255 => {
                Err(format!("a name of {} bytes, which is more than 255", key.len()).into())
            }
            Some((key, value)) if key.starts_with("X-") && key.len() > 2 && !value.is_empty() => {
                check(text, usize::MAX).map(Encoded::Bytes)
            }
            _ => Err("it is not of the form \"X-key:value\"".into()),
        }
    }
}

/// 1 to 255 bytes that do not begin with 0, as those that libzmq makes up do.
pub(in super::super) struct RoutingId;

impl<V: AsRef<[u8]>> Encode<V> for RoutingId {
    fn encode(value: &V) -> Result<Encoded<'_>, Reason> {
        match check_len(value.as_ref(), 255)? {
            [0, ..] => Err("it begins with a zero byte, as only libzmq's own do".into()),
            id => Ok(Encoded::Bytes(id)),
        }
    }
}

impl Decode<Vec<u8>> for RoutingId {
    fn decode(reader: &Reader<'_>) -> Result<Vec<u8>> {
        reader.bytes()
    }
}

/// Any bytes.
pub(in super::super) struct Binary;

impl<V: AsRef<[u8]>> Encode<V> for Binary {
    fn encode(value: &V) -> Result<Encoded<'_>, Reason> {
        Ok(Encoded::Bytes(value.as_ref()))
    }
}

/// A public key: always its 32 bytes, never Z85, of which libzmq before 4.3 reads more than it was given.
pub(in super::super) struct Key;

impl Encode<&PublicKey> for Key {
    fn encode<'a>(value: &'a &PublicKey) -> Result<Encoded<'a>, Reason> {
        Ok(Encoded::Bytes(value.as_bytes()))
    }
}

impl Decode<PublicKey> for Key {
    fn decode(reader: &Reader<'_>) -> Result<PublicKey> {
        read_key(reader, PublicKey::from)
    }
}

/// A secret key, in the same form, that no error shows.
pub(in super::super) struct Secret;

impl Encode<&SecretKey> for Secret {
    fn encode<'a>(value: &'a &SecretKey) -> Result<Encoded<'a>, Reason> {
        Ok(Encoded::Secret(value.as_bytes()))
    }
}

impl Decode<SecretKey> for Secret {
    fn decode(reader: &Reader<'_>) -> Result<SecretKey> {
        read_key(reader, SecretKey::from)
    }
}

fn read_key<K>(reader: &Reader<'_>, make: impl FnOnce([u8; 32]) -> K) -> Result<K> {
    let mut key = [0; 32];
    let read = match reader.bytes_into(&mut key)?.len() {
        32 => Ok(make(key)),
        len => Err(unknown(format_args!("{len} bytes"))),
    };
    key.zeroize();
    read
}
