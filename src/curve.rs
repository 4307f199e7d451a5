//! The keys of CURVE, by which peers know each other and encrypt what they say.
//!
//! A server has a key pair, and its public key is known to its clients. Each client has a pair of its own; which of
//! them may come in is for a [`zap`](crate::zap) handler to say. Without one, any may.
//!
//! Keys are 32 bytes, and their text is [Z85](crate::z85), 40 characters. A [`SecretKey`] is wiped from memory when it
//! is dropped, and is never printed.
//!
//! See [`zmq_curve(7)`](https://libzmq.readthedocs.io/en/latest/zmq_curve.html).
//!
//! ```
//! use zmqx::curve::KeyPair;
//! use zmqx::{Capability, Context, Rep, Req, has};
//!
//! if !has(Capability::Curve) {
//!     return Ok(()); // this libzmq was built without
//! }
//! let (server_keys, client_keys) = (KeyPair::new()?, KeyPair::new()?);
//! let ctx = Context::new()?;
//! let server = ctx.socket(Rep)?;
//! server.set_curve_server(true)?;
//! server.set_curve_secretkey(&server_keys.secret)?;
//! let endpoint = server.bind("tcp://127.0.0.1:*")?;
//!
//! let client = ctx.socket(Req)?;
//! client.set_curve_serverkey(&server_keys.public)?;
//! client.set_curve_publickey(&client_keys.public)?;
//! client.set_curve_secretkey(&client_keys.secret)?;
//! client.connect(endpoint)?;
//! client.send("Hello")?;
//! assert_eq!(server.recv()?, "Hello");
//! # Ok::<(), zmqx::Error>(())
//! ```

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroize;

use crate::error::{Error, Result};
use crate::raw::curve;
use crate::z85;

/// The bytes of a key.
const LEN: usize = 32;

fn parse(operation: &'static str, text: &str, key: &mut [u8; LEN]) -> Result<()> {
    z85::decode_into(text.as_bytes(), key).map_err(|error| error.during(operation))
}

/// A public key: for a peer to know another by.
///
/// Its text is Z85.
///
/// ```
/// use zmqx::curve::PublicKey;
///
/// let key: PublicKey = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7".parse()?;
/// assert_eq!(key.to_string(), "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7");
/// # Ok::<(), zmqx::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; LEN]);

impl PublicKey {
    /// Returns its bytes.
    pub fn as_bytes(&self) -> &[u8; LEN] {
        &self.0
    }
}

impl From<[u8; LEN]> for PublicKey {
    fn from(bytes: [u8; LEN]) -> Self {
        Self(bytes)
    }
}

impl TryFrom<&[u8]> for PublicKey {
    type Error = Error;

    /// Takes 32 bytes, no less and no more.
    fn try_from(bytes: &[u8]) -> Result<Self> {
        bytes.try_into().map(Self).map_err(|_| wrong_length("read public key", bytes))
    }
}

fn wrong_length(operation: &'static str, bytes: &[u8]) -> Error {
    Error::invalid(operation, format!("{} bytes, not {LEN}", bytes.len()))
}

impl FromStr for PublicKey {
    type Err = Error;

    /// Reads its Z85 text.
    fn from_str(text: &str) -> Result<Self> {
        let mut key = [0; LEN];
        parse("read public key", text, &mut key)?;
        Ok(Self(key))
    }
}

impl AsRef<[u8]> for PublicKey {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for PublicKey {
    /// Writes its Z85 text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 32 is a multiple of 4.
        f.pad(&z85::encode(self.0).unwrap_or_default())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// A secret key: for its owner alone.
///
/// It is wiped from memory when it is dropped. To print it, there is [`to_z85`](Self::to_z85) and nothing else.
///
/// ```compile_fail,E0277
/// fn show(key: &zmqx::curve::SecretKey) {
///     println!("{key}"); // SecretKey has no Display
/// }
/// ```
// On the heap: where it lay in the value itself, each move would leave a copy behind.
pub struct SecretKey(Box<[u8; LEN]>);

impl SecretKey {
    /// Returns its bytes.
    pub fn as_bytes(&self) -> &[u8; LEN] {
        &self.0
    }

    /// Returns its Z85 text, to be kept in a safe place. That text is the caller's to wipe.
    pub fn to_z85(&self) -> String {
        // 32 is a multiple of 4.
        z85::encode(self.0.as_slice()).unwrap_or_default()
    }

    /// Returns the public key that belongs to it. Since libzmq 4.2.
    ///
    /// Corresponds to [`zmq_curve_public(3)`](https://libzmq.readthedocs.io/en/latest/zmq_curve_public.html).
    ///
    /// # Errors
    ///
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): by libzmq before 4.2, or built without CURVE.
    pub fn public_key(&self) -> Result<PublicKey> {
        let mut secret = self.to_z85();
        let public = curve::public(&secret);
        secret.zeroize();
        let mut key = [0; LEN];
        z85::decode_into(&public?, &mut key)?;
        Ok(PublicKey(key))
    }
}

impl From<[u8; LEN]> for SecretKey {
    /// Copies the bytes; those of the caller's are the caller's to wipe.
    fn from(mut bytes: [u8; LEN]) -> Self {
        let mut key = Self(Box::new([0; LEN]));
        key.0.copy_from_slice(&bytes);
        bytes.zeroize();
        key
    }
}

impl TryFrom<&[u8]> for SecretKey {
    type Error = Error;

    /// Copies 32 bytes, no less and no more.
    fn try_from(bytes: &[u8]) -> Result<Self> {
        if bytes.len() != LEN {
            return Err(wrong_length("read secret key", bytes));
        }
        let mut key = Self(Box::new([0; LEN]));
        key.0.copy_from_slice(bytes);
        Ok(key)
    }
}

impl FromStr for SecretKey {
    type Err = Error;

    /// Reads its Z85 text. An error does not show it.
    fn from_str(text: &str) -> Result<Self> {
        let mut key = Self(Box::new([0; LEN]));
        parse("read secret key", text, &mut key.0)?;
        Ok(key)
    }
}

impl Clone for SecretKey {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl PartialEq for SecretKey {
    /// Takes the same time whatever is equal.
    fn eq(&self, other: &Self) -> bool {
        let pairs = self.0.iter().zip(other.0.iter());
        std::hint::black_box(pairs.fold(0, |differing, (one, other)| differing | (one ^ other)))
            == 0
    }
}

impl Eq for SecretKey {}

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for SecretKey {
    /// Does not show it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// A public key, and the secret one that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// The public key, for others to know its owner by.
    pub public: PublicKey,
    /// The secret key, for its owner alone.
    pub secret: SecretKey,
}

impl KeyPair {
    /// Makes a new pair, at random. Since libzmq 4.0.
    ///
    /// Corresponds to [`zmq_curve_keypair(3)`](https://libzmq.readthedocs.io/en/latest/zmq_curve_keypair.html).
    ///
    /// # Errors
    ///
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): by libzmq before 4.0, or built without CURVE:
    ///   [`has`](crate::has) tells.
    pub fn new() -> Result<Self> {
        let mut pair = Self { public: PublicKey([0; LEN]), secret: SecretKey(Box::new([0; LEN])) };
        let mut texts = curve::keypair()?;
        let decoded = z85::decode_into(&texts.0, &mut pair.public.0)
            .and_then(|()| z85::decode_into(&texts.1, &mut *pair.secret.0));
        texts.1.zeroize();
        decoded.map(|()| pair)
    }
}

impl TryFrom<SecretKey> for KeyPair {
    type Error = Error;

    /// Finds the public key, as [`SecretKey::public_key`] does. Since libzmq 4.2.
    fn try_from(secret: SecretKey) -> Result<Self> {
        Ok(Self { public: secret.public_key()?, secret })
    }
}
