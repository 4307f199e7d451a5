//! Binding, connecting, and their contrary.

use std::ffi::CStr;

use zmq_sys_ext as ffi;

use super::context::check_descriptors;
use super::errno::check;
use super::socket::RawSocket;
use crate::error::Result;

impl RawSocket {
    pub(crate) fn bind(&self, endpoint: &CStr) -> Result<()> {
        if !endpoint.to_bytes().starts_with(b"inproc:") {
            // One to listen, and one to look for network interfaces, without which libzmq aborts the process.
            check_descriptors(2, "bind")?;
        }
        // SAFETY: the socket is open; libzmq reads the string, and does not keep it. The same for the three below.
        check(unsafe { ffi::zmq_bind(self.as_ptr(), endpoint.as_ptr()) }, "bind").map(drop)
    }

    pub(crate) fn connect(&self, endpoint: &CStr) -> Result<()> {
        // SAFETY: as for zmq_bind.
        check(unsafe { ffi::zmq_connect(self.as_ptr(), endpoint.as_ptr()) }, "connect").map(drop)
    }

    pub(crate) fn unbind(&self, endpoint: &CStr) -> Result<()> {
        // SAFETY: as for zmq_bind.
        check(unsafe { ffi::zmq_unbind(self.as_ptr(), endpoint.as_ptr()) }, "unbind").map(drop)
    }

    pub(crate) fn disconnect(&self, endpoint: &CStr) -> Result<()> {
        // SAFETY: as for zmq_bind.
        let rc = unsafe { ffi::zmq_disconnect(self.as_ptr(), endpoint.as_ptr()) };
        check(rc, "disconnect").map(drop)
    }
}
