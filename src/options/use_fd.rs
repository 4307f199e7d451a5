//! ZMQ_USE_FD, which takes a descriptor over.

#[cfg(unix)]
use std::os::fd::{AsRawFd as _, IntoRawFd as _, OwnedFd};
#[cfg(windows)]
use std::os::windows::io::{AsRawSocket as _, IntoRawSocket as _, OwnedSocket as OwnedFd};

use std::sync::{MutexGuard, PoisonError};

use zmq_sys_ext as ffi;

use super::access;
use super::rows_t_to_z::ZMQ_USE_FD;
use super::value::{Encoded, Reason};
use crate::error::Result;
use crate::kind::Kind;
use crate::socket::{Core, Socket};

impl<K: Kind> Socket<K> {
    /// Sets a listening descriptor of the system's that the next bind is to use.
    ///
    /// It is for programs that another one starts with their sockets open, as systemd does. `bind` wants the endpoint
    /// at which the descriptor listens already, over TCP or IPC. From that bind on the descriptor is libzmq's, which
    /// closes it when it is unbound, and the binds after it open their own. `None`, the default, takes back one that
    /// was not used yet, and closes it.
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
        *self.core.lent_fd() = value;
        Ok(())
    }
}

impl Core {
    pub(crate) fn lent_fd(&self) -> MutexGuard<'_, Option<OwnedFd>> {
        self.lent_fd.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a bind that went well: libzmq has taken over the descriptor that was set, if any, and is not to
    /// take it again, as it would close it twice.
    pub(crate) fn note_bound(&self, endpoint: &str, lent: &mut Option<OwnedFd>) -> Result<()> {
        const WITHOUT: [&str; 5] = ["inproc://", "udp://", "pgm://", "epgm://", "norm://"];
        if WITHOUT.iter().any(|transport| endpoint.starts_with(transport)) {
            // These listen at no descriptor.
            return Ok(());
        }
        let Some(fd) = lent.take() else { return Ok(()) };
        #[cfg(unix)]
        let _ = fd.into_raw_fd();
        #[cfg(windows)]
        let _ = fd.into_raw_socket();
        self.raw.set_number(ffi::ZMQ_USE_FD, -1)
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
