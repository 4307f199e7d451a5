//! `ZBeacon`, the class of beacons: discovery and presence on a local network.

mod agent;
mod interface;
mod udp;
mod zre;

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use zmqx::{Error, Pair, PollEvents, Result, Socket, poll};

use crate::zactor::Service;
use crate::{ZCtx, ZFrame, ZMsg};
use agent::Command;

pub use zre::ZreBeacon;

/// The most bytes that a beacon may have: `UDP_FRAME_MAX`.
const LONGEST: usize = 255;

/// How many beacons may wait to be received, half of them at either end of the pipe.
const QUEUE: usize = 1000;

/// Says on the local network, by UDP broadcasts over IPv4, who is there, and hears who else is: the class `zbeacon`.
///
/// A beacon is up to 255 bytes, which mean what the program likes; [`ZreBeacon`] is one that others understand too. It
/// is broadcast at an interval, from when it is [published](Self::publish) until it is [silenced](Self::silence). Those
/// of others are received once there is a [filter](Self::subscribe), each with the address that it came from; those
/// that are equal to the one that is published are taken for echoes, and dropped.
///
/// It is an actor, a thread that goes when this is dropped, and its methods are CZMQ's commands; each returns when the
/// thread has done it. Several may have the same port, in one program or in many, on one machine, and programs with
/// libczmq's zbeacon among them.
///
/// Anybody on the network can send beacons: what is in them is to be checked. Datagrams of more than 255 bytes are
/// dropped. So are beacons while a thousand have not been received.
///
/// ```
/// use czmq_like::prelude::*;
///
/// # fn free_port() -> std::io::Result<u16> {
/// #     Ok(std::net::UdpSocket::bind("127.0.0.1:0")?.local_addr()?.port())
/// # }
/// # let port = free_port()?;
/// let ctx = ZCtx::new()?;
/// let speaker = ZBeacon::new(&ctx)?;
/// speaker.set_interface("127.0.0.1")?; // this machine alone
/// assert_eq!(speaker.configure(port)?, "127.0.0.1");
///
/// let listener = ZBeacon::new(&ctx)?;
/// listener.set_interface("127.0.0.1")?;
/// listener.configure(port)?;
/// listener.subscribe("")?; // all beacons
///
/// // We broadcast the magic value 0xCAFE, ten times a second.
/// speaker.publish([0xCA, 0xFE], Duration::from_millis(100))?;
/// let (address, beacon) = listener.recv()?;
/// assert_eq!((address.to_string().as_str(), beacon.data()), ("127.0.0.1", &[0xCA, 0xFE][..]));
/// speaker.silence()?;
/// # Ok::<(), czmq_like::Error>(())
/// ```
#[derive(Debug)]
pub struct ZBeacon {
    service: Service<Command, String>,
    /// Where beacons come. Not the actor's pipe, which has no high-water mark: what comes from a network is to have one.
    beacons: Socket<Pair>,
}

impl ZBeacon {
    /// Starts a beacon that says and hears nothing yet.
    ///
    /// # Errors
    ///
    /// As [`ZActor::new`](crate::ZActor::new).
    #[doc(alias = "zbeacon")]
    pub fn new(ctx: &ZCtx) -> Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let endpoint = format!("inproc://zbeacon-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let beacons = end(ctx)?;
        beacons.bind(&endpoint)?;
        let service = Service::new(ctx, move |ctx, pipe, desk| {
            let beacons = end(&ctx)?;
            beacons.connect(&endpoint)?;
            agent::run(&pipe, &beacons, &desk)
        })?;
        Ok(Self { service, beacons })
    }

    /// Chooses the network interface for the next [`configure`](Self::configure), instead of
    /// [`zsys::interface`](crate::zsys::interface):
    ///
    /// - `""`, or nothing at all: the first one that broadcasts.
    /// - Its name, as `"eth0"`, or its address.
    /// - `"*"`: any address, and broadcasts to 255.255.255.255, which the system sends where it sends the most.
    /// - One digit: the first one that broadcasts is 0.
    ///
    /// The loopback interface, with which a beacon stays on this machine, is taken only by name or address. Linux
    /// broadcasts on it; other systems may not. libczmq does not take it at all.
    ///
    /// # Errors
    ///
    /// As [`ZActor::new`](crate::ZActor::new), where the actor has ended.
    pub fn set_interface(&self, interface: impl Into<String>) -> Result<()> {
        self.call(Command::Interface(interface.into()))
    }

    /// Opens the UDP port, and returns this machine's address on the interface, or "*" for any: the command
    /// `CONFIGURE`.
    ///
    /// Where it fails, it is tried again for each beacon that is due; so it is when a broadcast fails, as when a network
    /// goes and comes.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound): there is no such interface, or none that broadcasts, where libczmq
    ///   returns an empty string.
    /// - [`AddrInUse`](crate::ErrorKind::AddrInUse): the port is taken by a program that does not share it.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): port 0.
    #[doc(alias = "CONFIGURE")]
    pub fn configure(&self, port: u16) -> Result<String> {
        if port == 0 {
            return Err(Error::invalid("configure beacon", "port 0"));
        }
        self.service.call(Command::Configure(port))
    }

    /// Broadcasts this beacon, at once and then at the interval, instead of the one before: the command `PUBLISH`.
    ///
    /// An interval of zero is a second.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): more than 255 bytes.
    #[doc(alias = "PUBLISH")]
    pub fn publish(&self, beacon: impl AsRef<[u8]>, interval: Duration) -> Result<()> {
        let beacon = checked("publish beacon", beacon.as_ref())?;
        self.call(Command::Publish(beacon, interval))
    }

    /// Ends the broadcasts: the command `SILENCE`.
    ///
    /// # Errors
    ///
    /// As [`set_interface`](Self::set_interface).
    #[doc(alias = "SILENCE")]
    pub fn silence(&self) -> Result<()> {
        self.call(Command::Silence)
    }

    /// Receives the beacons that begin with these bytes, instead of those before: the command `SUBSCRIBE`.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): more than 255 bytes.
    #[doc(alias = "SUBSCRIBE")]
    pub fn subscribe(&self, filter: impl AsRef<[u8]>) -> Result<()> {
        let filter = checked("subscribe to beacons", filter.as_ref())?;
        self.call(Command::Subscribe(filter))
    }

    /// Receives no beacons any more, save those that wait already: the command `UNSUBSCRIBE`.
    ///
    /// # Errors
    ///
    /// As [`set_interface`](Self::set_interface).
    #[doc(alias = "UNSUBSCRIBE")]
    pub fn unsubscribe(&self) -> Result<()> {
        self.call(Command::Unsubscribe)
    }

    /// Sets whether it logs what it does, by [`zsys::info`](crate::zsys::info): the command `VERBOSE`.
    ///
    /// # Errors
    ///
    /// As [`set_interface`](Self::set_interface).
    #[doc(alias = "VERBOSE")]
    pub fn set_verbose(&self, is_verbose: bool) -> Result<()> {
        self.call(Command::Verbose(is_verbose))
    }

    /// Receives a beacon, with the address of who sent it. It waits until one is there.
    ///
    /// # Errors
    ///
    /// As [`Socket::recv`], or as [`set_interface`](Self::set_interface).
    pub fn recv(&self) -> Result<(IpAddr, ZFrame)> {
        loop {
            if let Some(received) = self.receive(None)? {
                return Ok(received);
            }
        }
    }

    /// Receives as [`recv`](Self::recv), but waits no longer than this; `None` where the time is up.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Option<(IpAddr, ZFrame)>> {
        self.receive(Instant::now().checked_add(timeout))
    }

    /// Returns the socket on which beacons come, for a poller or reactor: messages of two frames, the address in print
    /// and the beacon.
    #[doc(alias = "zactor_sock")]
    pub fn sock(&self) -> &Socket<Pair> {
        &self.beacons
    }

    fn receive(&self, deadline: Option<Instant>) -> Result<Option<(IpAddr, ZFrame)>> {
        let patience = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        // Nothing is sent over the pipe: what it has to say is that the actor has ended.
        let pipe = self.service.pipe();
        let mut items = [self.beacons.poll_item(PollEvents::IN), pipe.poll_item(PollEvents::IN)];
        if poll(&mut items, patience)? == 0 {
            return Ok(None);
        }
        if !items[0].is_readable() {
            return Err(pipe.try_recv().map_or_else(
                |error| error,
                |_| Error::bad_state("receive beacon", "a message on the pipe"),
            ));
        }
        let mut msg = ZMsg::recv(&self.beacons)?;
        let address = msg.popstr().and_then(|address| address.parse().ok());
        let received = address.zip(msg.pop());
        received.map(Some).ok_or_else(|| Error::invalid("receive beacon", "not of two frames"))
    }

    fn call(&self, command: Command) -> Result<()> {
        self.service.call(command).map(drop)
    }
}

/// One end of the pipe for beacons.
fn end(ctx: &ZCtx) -> Result<Socket<Pair>> {
    let end = ctx.socket(Pair)?;
    end.set_sndhwm(QUEUE / 2)?;
    end.set_rcvhwm(QUEUE / 2)?;
    Ok(end)
}

fn checked(operation: &'static str, bytes: &[u8]) -> Result<Vec<u8>> {
    if bytes.len() > LONGEST {
        return Err(Error::invalid(operation, format!("{} bytes, over {LONGEST}", bytes.len())));
    }
    Ok(bytes.to_vec())
}
