//! What the libzmq that runs says of itself.

use std::ffi::{CStr, c_int};

use zmq_sys_ext as ffi;

/// Its version: major, minor, patch.
pub(crate) fn version() -> (c_int, c_int, c_int) {
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: zmq_version(3) writes an int to each of three pointers, which are valid for this call.
    unsafe { ffi::zmq_version(&raw mut major, &raw mut minor, &raw mut patch) };
    (major, minor, patch)
}

/// Whether it has the capability, as zmq_has(3) names it.
#[cfg(libzmq_4_1)]
pub(crate) fn has(capability: &CStr) -> bool {
    // SAFETY: zmq_has(3) reads a NUL-terminated string, and does not keep it.
    unsafe { ffi::zmq_has(capability.as_ptr()) == 1 }
}

/// Before zmq_has(3): ipc is everywhere but on Windows, pgm was not to be asked for, and CURVE came with 4.0
/// where zmq_curve_keypair(3) works.
#[cfg(not(libzmq_4_1))]
pub(crate) fn has(capability: &CStr) -> bool {
    match capability.to_bytes() {
        b"ipc" => cfg!(unix),
        b"curve" => has_curve(),
        _ => false,
    }
}

#[cfg(all(libzmq_4_0, not(libzmq_4_1)))]
fn has_curve() -> bool {
    let (mut public, mut secret) = ([0; 41], [0; 41]);
    // SAFETY: zmq_curve_keypair(3) fills two buffers of 41 bytes.
    unsafe { ffi::zmq_curve_keypair(public.as_mut_ptr(), secret.as_mut_ptr()) == 0 }
}

#[cfg(not(libzmq_4_0))]
fn has_curve() -> bool {
    false
}
