//! Z85: a text that decodes is the one that its bytes encode to, and bytes are those that their text decodes to; the
//! keys of CURVE take just what has their length.
#![no_main]

use fuzz::{ERROR, measure};
use libfuzzer_sys::fuzz_target;
use zmqx::curve::{PublicKey, SecretKey};
use zmqx::{ErrorKind, z85};

/// What errors say, without numbers.
const SHOWN: [&str; 3] = [
    "decode Z:  characters, which is no multiple of ",
    "decode Z: no character of Z at byte ",
    "decode Z: more than four bytes' worth at byte ",
];

fuzz_target!(|data: &[u8]| {
    let whole = &data[..data.len() / 4 * 4];
    assert_eq!(z85::encode(data).is_ok(), whole.len() == data.len());
    let text = z85::encode(whole).expect("a multiple of four bytes");
    assert_eq!(text.len(), whole.len() / 4 * 5);
    assert_eq!(z85::decode(&text).expect("what was encoded"), whole);

    let Ok(text) = std::str::from_utf8(data) else { return };
    let (decoded, measured) = measure(|| z85::decode(text));
    assert!(measured.largest <= text.len().max(ERROR), "{measured:?}");
    let key = text.parse::<PublicKey>();
    assert_eq!(key.is_ok(), text.len() == 40 && decoded.is_ok());
    assert_eq!(text.parse::<SecretKey>().is_ok(), key.is_ok());
    match decoded {
        Ok(bytes) => {
            assert_eq!(z85::encode(&bytes).expect("what was decoded"), text);
            assert_eq!(PublicKey::try_from(&bytes[..]).ok(), key.ok());
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            // The text may be a secret: of it there are only numbers.
            let shown: String = error.to_string().split(char::is_numeric).collect();
            assert!(SHOWN.contains(&&*shown), "{shown}");
        }
    }
});
