//! Key pairs, which only libzmq makes, as texts in Z85.

#[cfg(libzmq_4_0)]
use zmq_sys_ext as ffi;

#[cfg(libzmq_4_0)]
use super::errno::{self, check};
use crate::error::{Error, Result};

/// The characters of a key's text. libzmq's has a NUL behind it.
const LEN: usize = 40;

/// A public key and its secret one.
#[cfg(libzmq_4_0)]
pub(crate) fn keypair() -> Result<([u8; LEN], [u8; LEN])> {
    use zeroize::Zeroize;

    let (mut public, mut secret) = ([0; LEN + 1], [0; LEN + 1]);
    // SAFETY: zmq_curve_keypair(3) writes 41 bytes to each of two buffers that have as many.
    let rc = unsafe { ffi::zmq_curve_keypair(public.as_mut_ptr(), secret.as_mut_ptr()) };
    check(rc, "make key pair").map_err(|error| explain(error, "make key pair"))?;
    let texts = (text_of(&public), text_of(&secret));
    secret.zeroize();
    Ok(texts)
}

/// The public key of a secret one.
#[cfg(libzmq_4_2)]
pub(crate) fn public(secret: &str) -> Result<[u8; LEN]> {
    use zeroize::Zeroize;

    const DOING: &str = "derive public key";
    let mut text = [0; LEN + 1];
    let mut public = [0; LEN + 1];
    for (to, from) in text.iter_mut().zip(secret.bytes().take(LEN)) {
        *to = std::ffi::c_char::from_ne_bytes([from]);
    }
    // SAFETY: zmq_curve_public(3) reads a NUL-terminated string of 40 characters, and writes 41 bytes.
    let rc = unsafe { ffi::zmq_curve_public(public.as_mut_ptr(), text.as_ptr()) };
    let checked = check(rc, DOING);
    text.zeroize();
    checked.map_err(|error| explain(error, DOING))?;
    Ok(text_of(&public))
}

#[cfg(libzmq_4_0)]
fn text_of(buffer: &[std::ffi::c_char; LEN + 1]) -> [u8; LEN] {
    let mut text = [0; LEN];
    for (to, from) in text.iter_mut().zip(buffer) {
        [*to] = from.to_ne_bytes();
    }
    text
}

#[cfg(libzmq_4_0)]
fn explain(error: Error, operation: &'static str) -> Error {
    match error.errno() {
        errno::ENOTSUP => Error::unsupported(operation, "this libzmq was built without CURVE"),
        _ => error,
    }
}

#[cfg(not(libzmq_4_0))]
pub(crate) fn keypair() -> Result<([u8; LEN], [u8; LEN])> {
    Err(Error::unsupported("make key pair", "libzmq has it since 4.0"))
}

#[cfg(not(libzmq_4_2))]
pub(crate) fn public(_secret: &str) -> Result<[u8; LEN]> {
    Err(Error::unsupported("derive public key", "libzmq has it since 4.2"))
}
