//! ZMQ_USE_FD, which takes a descriptor over.

#[cfg(unix)]
use std::os::fd::{AsRawFd as _, IntoRawFd as _, OwnedFd};
#[cfg(windows)]
use std::os::windows::io::{AsRawSocket as _, IntoRawSocket as _, OwnedSocket as OwnedFd};

use super::access;
use super::rows_t_to_z::ZMQ_USE_FD;
use super::value::{Encoded, Reason};
use crate::error::Result;
use crate::kind::Kind;
use crate::socket::Socket;

impl<K: Kind> Socket<K> {
    /// Sets a listening descriptor of the system's that the next bind is to use.
    ///
    /// It is for programs that another one starts with their sockets open, as systemd does. `bind` wants the endpoint
    /// at which the descriptor listens already, over TCP or IPC. libzmq has the descriptor from here on, and closes it
    /// when it is unbound: set `None` (the default: open a new one) before the socket binds a second endpoint.
    ///
    /// Corresponds to ZMQ_USE_FD of [`zmq_setsockopt(3)`](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).
    /// Since libzmq 4.2.
    ///
    /// # Errors
    ///
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): the libzmq that runs does not have the option.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn set_use_fd(&self, value: Option<OwnedFd>) -> Result<()> {
        access::set(&self.core, &ZMQ_USE_FD, value.as_ref().map_or(Ok(Encoded::Int(-1)), encode))?;
        if let Some(fd) = value {
            // libzmq's from now on. Only where it never binds is it not closed.
            #[cfg(unix)]
            let _ = fd.into_raw_fd();
            #[cfg(windows)]
            let _ = fd.into_raw_socket();
        }
        Ok(())
    }
}

#[cfg(unix)]
fn encode(fd: &OwnedFd) -> Result<Encoded<'static>, Reason> {
    Ok(Encoded::Int(fd.as_raw_fd()))
}

#[cfg(windows)]
fn encode(socket: &OwnedFd) -> Result<Encoded<'static>, Reason> {
    let number = socket.as_raw_socket();
    i32::try_from(number)
        .map(Encoded::Int)
        .map_err(|_| format!("{number} is more than libzmq takes").into())
}
