//! The UDP sockets of a `ZBeacon`.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4, UdpSocket};

use socket2::{Domain, Protocol, Socket, Type};
use zmqx::Result;

use super::interface::{self, Interface};

/// A port on an interface.
#[derive(Debug)]
pub(super) struct Udp {
    /// Hears what is sent to any address of the port, as broadcasts are.
    listener: UdpSocket,
    /// Is bound to the interface, so that beacons come from its address.
    sender: UdpSocket,
    interface: Interface,
    port: u16,
}

impl Udp {
    pub(super) fn open(wanted: &str, port: u16) -> Result<Self> {
        let interface = interface::find(wanted)?;
        // Windows delivers broadcasts to a socket that is bound to the interface, and to no other.
        let heard = if cfg!(windows) { interface.host } else { Ipv4Addr::UNSPECIFIED };
        let sender = shared_socket(SocketAddrV4::new(interface.host, port))?;
        let listener = shared_socket(SocketAddrV4::new(heard, port))?;
        Ok(Self { listener, sender, interface, port })
    }

    pub(super) fn hostname(&self) -> String {
        if self.interface.host.is_unspecified() {
            "*".to_owned()
        } else {
            self.interface.host.to_string()
        }
    }

    pub(super) fn send(&self, beacon: &[u8]) -> io::Result<()> {
        let to = SocketAddrV4::new(self.interface.broadcast, self.port);
        match self.sender.send_to(beacon, to) {
            // The system has no room for it now; the next one is as good.
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            result => result.map(drop),
        }
    }

    /// Receives the next datagram, and its length; `None` where that is more than there is room for.
    pub(super) fn recv(&self, buffer: &mut [u8]) -> io::Result<Option<(usize, IpAddr)>> {
        match self.listener.recv_from(buffer) {
            Ok((len, from)) => Ok(Some((len, from.ip()))),
            Err(error) if is_too_long(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    #[cfg(unix)]
    pub(super) fn borrowed(&self) -> std::os::fd::BorrowedFd<'_> {
        std::os::fd::AsFd::as_fd(&self.listener)
    }

    #[cfg(windows)]
    pub(super) fn borrowed(&self) -> std::os::windows::io::BorrowedSocket<'_> {
        std::os::windows::io::AsSocket::as_socket(&self.listener)
    }
}

/// Whether it is Windows' WSAEMSGSIZE. Other systems cut a datagram to the room that there is.
fn is_too_long(error: &io::Error) -> bool {
    cfg!(windows) && error.raw_os_error() == Some(10040)
}

/// Binds to a port that others may be bound to as well: each gets what is broadcast to it.
fn shared_socket(address: SocketAddrV4) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_broadcast(true)?;
    socket.set_reuse_address(true)?;
    #[cfg(all(
        unix,
        not(any(target_os = "solaris", target_os = "illumos", target_os = "cygwin"))
    ))]
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}
