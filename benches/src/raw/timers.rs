//! libzmq's timers.

use std::ffi::{c_int, c_void};
use std::ptr;
use std::time::Duration;

use zmq_sys_ext as ffi;

use crate::reactor::LONG;

/// libzmq's timers.
#[derive(Debug)]
pub struct Timers(*mut c_void);

impl Timers {
    /// Creates those that stay pending.
    pub fn new(pending: usize) -> Self {
        // SAFETY: zmq_timers(3) has no preconditions.
        let timers = Self(unsafe { ffi::zmq_timers_new() });
        for _ in 0..pending {
            timers.add(LONG);
        }
        timers
    }

    /// Adds one.
    pub fn add(&self, interval: Duration) -> c_int {
        unsafe extern "C" fn ignore(_id: c_int, _arg: *mut c_void) {}
        let (interval, arg) = (usize::try_from(interval.as_millis()).unwrap(), ptr::null_mut());
        // SAFETY: the timers are there; the handler uses nothing.
        let id = unsafe { ffi::zmq_timers_add(self.0, interval, Some(ignore), arg) };
        assert!(id != -1);
        id
    }

    /// Cancels one.
    pub fn cancel(&self, id: c_int) {
        // SAFETY: the timers are there.
        assert_eq!(unsafe { ffi::zmq_timers_cancel(self.0, id) }, 0);
        // SAFETY: as above. This is what removes those that were cancelled.
        assert!(unsafe { ffi::zmq_timers_timeout(self.0) } > 0);
    }
}

impl Drop for Timers {
    fn drop(&mut self) {
        // SAFETY: the timers are there, and this is their last use.
        unsafe { ffi::zmq_timers_destroy(&raw mut self.0) };
    }
}
