//! Majordomo asynchronous client API: as many requests as one likes, and their replies in any order.
//!
//! It implements MDP/Client of [7/MDP](https://rfc.zeromq.org/spec/7/).

use czmq_like::Result;
use czmq_like::prelude::*;

use crate::mdp::MDPC_CLIENT;

const TIMEOUT: Duration = Duration::from_millis(2500);

/// An asynchronous session with a broker: the Guide's class `mdcli`, of mdcliapi2.
///
/// It does not ask again: who sends keeps what has no reply yet. A broker drops replies to a client that lets more of them
/// wait than its high-water mark, of 1,000: do not have more requests than that on their way.
///
/// ```no_run
/// use czmq_like::ZMsg;
/// use guide::mdcliapi2::MdCli2;
///
/// let mut session = MdCli2::new("tcp://localhost:5555", false)?;
/// session.send("echo", ZMsg::from(["Hello"]))?;
/// session.send("echo", ZMsg::from(["world"]))?;
/// let replies = [session.recv()?, session.recv()?];
/// # Ok::<(), czmq_like::Error>(())
/// ```
#[derive(Debug)]
pub struct MdCli2 {
    client: Socket<Dealer>, // Socket to broker
    // Dropped after `client`, which it would end.
    _ctx: ZCtx,
    verbose: bool, // Print activity to stdout
    timeout: Duration,
}

impl MdCli2 {
    /// Creates a session with the broker at that endpoint, which need not be there yet.
    ///
    /// # Errors
    ///
    /// As [`ZCtx::new`], [`ZCtx::socket`] and [`Socket::connect`].
    pub fn new(broker: &str, verbose: bool) -> Result<Self> {
        let ctx = ZCtx::new()?;
        // A DEALER may send any number of requests without waiting for a reply
        let client = ctx.socket(Dealer)?;
        client.set_sndtimeo(Some(TIMEOUT))?;
        client.connect(broker)?;
        if verbose {
            zclock::log(format!("I: connecting to broker at {broker}..."));
        }
        Ok(Self { client, _ctx: ctx, verbose, timeout: TIMEOUT })
    }

    /// Sets how long to wait for a reply, or for room to send in: 2.5 seconds unless set.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](ErrorKind::InvalidInput): more than 24 days, which libzmq cannot count.
    pub fn set_timeout(&mut self, timeout: Duration) -> Result<()> {
        self.client.set_sndtimeo(Some(timeout))?;
        self.timeout = timeout;
        Ok(())
    }

    /// Sends a request to a service, without waiting for its reply.
    ///
    /// A request of no frames is sent as one that is empty, since the protocol wants a body.
    ///
    /// # Errors
    ///
    /// - [`WouldBlock`](ErrorKind::WouldBlock): the broker takes no more, or has not been there since 1,000 requests.
    /// - [`Interrupted`](ErrorKind::Interrupted): a signal.
    pub fn send(&mut self, service: &str, mut request: ZMsg) -> Result<()> {
        if request.size() == 0 {
            request.addstr("");
        }
        // Prefix request with protocol frames
        // Frame 0: empty (REQ emulation)
        // Frame 1: "MDPCxy" (six bytes, MDP/Client x.y)
        // Frame 2: Service name (printable string)
        request.pushstr(service);
        request.pushstr(MDPC_CLIENT);
        request.pushstr("");
        if self.verbose {
            zclock::log(format!("I: send request to '{service}' service:"));
            request.dump();
        }
        request.send(&self.client)?;
        Ok(())
    }

    /// Waits for the next reply, of whichever request, and returns it without the frames of the protocol.
    ///
    /// What comes and is no reply is passed over. A broker that dies takes the requests with it: they have to be sent again.
    ///
    /// # Errors
    ///
    /// - [`WouldBlock`](ErrorKind::WouldBlock): no reply in time.
    /// - [`Interrupted`](ErrorKind::Interrupted): a signal.
    pub fn recv(&mut self) -> Result<ZMsg> {
        let deadline = zclock::mono() + self.timeout;
        loop {
            let left = deadline.saturating_sub(zclock::mono());
            let received = self.client.recv_multipart_timeout(left);
            let mut msg: ZMsg = received.inspect_err(|error| self.complain(error.kind()))?.into();
            if self.verbose {
                zclock::log("I: received reply:");
                msg.dump();
            }
            // Frames 0 to 2, and those of the body
            if msg.size() >= 4 && msg[0].is_empty() && msg[1] == MDPC_CLIENT {
                (0..3).for_each(|_| drop(msg.pop()));
                return Ok(msg); // Success
            }
            if self.verbose {
                zclock::log("E: invalid reply");
            }
        }
    }

    fn complain(&self, kind: ErrorKind) {
        if kind == ErrorKind::Interrupted {
            println!("W: interrupt received, killing client...");
        } else if self.verbose {
            zclock::log("W: permanent error, abandoning request");
        }
    }
}
