//! Secret keys leave nothing behind: no memory is freed that still holds one.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use zmqx::curve::{KeyPair, SecretKey};
use zmqx::{Capability, Context, Dealer, has};

/// Looks at each block that is freed on this thread for the secret that the test has set.
struct Watching;

#[global_allocator]
static ALLOCATOR: Watching = Watching;

thread_local! {
    /// The first half of the secret.
    static SECRET: Cell<Option<[u8; 16]>> = const { Cell::new(None) };
    static SEEN: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: it does what `System` does, which it asks for everything.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract, which is `System`'s. Zeroed, so that all of it may be looked at.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // Of bytes, as all keys and texts are: what is aligned may have padding, which is nobody's to look at.
        let secret = SECRET.try_with(Cell::get).ok().flatten().filter(|_| layout.align() == 1);
        if let Some(secret) = secret {
            // SAFETY: the block is the caller's until it is freed below, and was written to from the start.
            let block = unsafe { std::slice::from_raw_parts(pointer, layout.size()) };
            if block.windows(secret.len()).any(|window| window == secret) {
                let _ = SEEN.try_with(|seen| seen.set(seen.get() + 1));
            }
        }
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// How many blocks that hold the beginning of `secret` are freed by `body`.
fn freed_with(secret: &[u8], body: impl FnOnce()) -> usize {
    SEEN.set(0);
    SECRET.set(Some(secret[..16].try_into().unwrap()));
    body();
    SECRET.set(None);
    SEEN.get()
}

#[test]
fn the_test_sees_what_is_not_wiped() {
    let secret = [0xA7; 32];
    assert_eq!(freed_with(&secret, || drop(Box::new(secret))), 1);
}

#[test]
fn a_secret_key_is_wiped_when_it_is_dropped() {
    let bytes = [0x5C; 32];
    let body = || {
        let key = SecretKey::from(bytes);
        drop(key.clone());
        let pair = KeyPair { public: [0; 32].into(), secret: key };
        drop(pair);
        drop(SecretKey::try_from(&bytes[..]));
    };
    assert_eq!(freed_with(&bytes, body), 0);
}

#[test]
fn a_text_that_is_half_a_key_is_wiped_too() {
    let text = SecretKey::from([0x5C; 32]).to_z85();
    let body = || assert!(format!("{}\"", &text[..39]).parse::<SecretKey>().is_err());
    assert_eq!(freed_with(&[0x5C; 32], body), 0);
}

#[test]
fn what_is_made_of_a_secret_key_is_wiped() {
    if !has(Capability::Curve) {
        return;
    }
    let secret = KeyPair::new().unwrap().secret;
    let text = secret.to_z85();
    assert_eq!(freed_with(text.as_bytes(), || drop(secret.public_key())), 0);
    let socket = Context::new().unwrap().socket(Dealer).unwrap();
    socket.set_curve_secretkey(&secret).unwrap();
    assert_eq!(freed_with(secret.as_bytes(), || drop(socket.curve_secretkey())), 0);
}
