//! Majordomo client API: requests one at a time, each asked again until there is a reply.
//!
//! It implements MDP/Client of [7/MDP](https://rfc.zeromq.org/spec/7/).

use czmq_like::prelude::*;
use czmq_like::{Error, Result};

use crate::mdp::MDPC_CLIENT;

const TIMEOUT: Duration = Duration::from_millis(2500);
const RETRIES: usize = 3; // Before we abandon

/// A session with a broker: the Guide's class `mdcli`.
///
/// ```no_run
/// use czmq_like::ZMsg;
/// use guide::mdcliapi::MdCli;
///
/// let mut session = MdCli::new("tcp://localhost:5555", false)?;
/// let reply = session.send("echo", ZMsg::from(["Hello world"]))?;
/// assert_eq!(reply, ["Hello world"]);
/// # Ok::<(), czmq_like::Error>(())
/// ```
#[derive(Debug)]
pub struct MdCli {
    client: Socket<Req>, // Socket to broker
    // Dropped after `client`, which it would end.
    ctx: ZCtx,
    broker: String,
    verbose: bool, // Print activity to stdout
    timeout: Duration,
    retries: usize,
}

impl MdCli {
    /// Creates a session with the broker at that endpoint, which need not be there yet.
    ///
    /// # Errors
    ///
    /// As [`ZCtx::new`], [`ZCtx::socket`] and [`Socket::connect`].
    pub fn new(broker: &str, verbose: bool) -> Result<Self> {
        let ctx = ZCtx::new()?;
        let client = connect_to_broker(&ctx, broker, verbose)?;
        let broker = broker.to_owned();
        Ok(Self { client, ctx, broker, verbose, timeout: TIMEOUT, retries: RETRIES })
    }

    /// Sets how long to wait for a reply before asking again: 2.5 seconds unless set.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Sets how many times to ask: 3 unless set. 0 counts as 1.
    pub fn set_retries(&mut self, retries: usize) {
        self.retries = retries;
    }

    /// Sends a request to a service, and returns the reply, without the frames of the protocol.
    ///
    /// Each time that there is no reply, or one that is none, it is sent again on a new socket: what comes late for the old
    /// one goes with it, so that no reply is taken for that of another request. A request of no frames is sent as one
    /// that is empty, since the protocol wants a body.
    ///
    /// After an error the session goes on as if new.
    ///
    /// # Errors
    ///
    /// - [`WouldBlock`](ErrorKind::WouldBlock): no reply, however often it was sent.
    /// - [`InvalidInput`](ErrorKind::InvalidInput): the last that came was no reply of MDP/Client, or of another service.
    /// - [`Interrupted`](ErrorKind::Interrupted): a signal.
    pub fn send(&mut self, service: &str, mut request: ZMsg) -> Result<ZMsg> {
        if request.size() == 0 {
            request.addstr("");
        }
        // Prefix request with protocol frames
        // Frame 1: "MDPCxy" (six bytes, MDP/Client x.y)
        // Frame 2: Service name (printable string)
        request.pushstr(service);
        request.pushstr(MDPC_CLIENT);
        if self.verbose {
            zclock::log(format!("I: send request to '{service}' service:"));
            request.dump();
        }
        let mut retries_left = self.retries;
        loop {
            let error = match self.ask(service, request.dup()) {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            retries_left = retries_left.saturating_sub(1);
            let again = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::InvalidInput)
                && retries_left > 0;
            if error.kind() == ErrorKind::Interrupted {
                println!("W: interrupt received, killing client...");
            } else if self.verbose && again {
                zclock::log("W: no reply, reconnecting...");
            } else if self.verbose {
                zclock::log("W: permanent error, abandoning");
            }
            // A REQ that waits for its reply could not send again: also for the next request
            self.client = connect_to_broker(&self.ctx, &self.broker, self.verbose)?;
            if !again {
                return Err(error);
            }
        }
    }

    /// Sends a request once, and waits for the reply.
    fn ask(&mut self, service: &str, request: ZMsg) -> Result<ZMsg> {
        // libzmq gives a peer up for good that sends a REQ what has no envelope; then nobody is there to send to
        if let Err(error) = self.client.try_send_multipart(request) {
            self.client = connect_to_broker(&self.ctx, &self.broker, self.verbose)?;
            self.client.try_send_multipart(error.into_message())?;
        }
        let mut msg: ZMsg = self.client.recv_multipart_timeout(self.timeout)?.into();
        if self.verbose {
            zclock::log("I: received reply:");
            msg.dump();
        }
        // We would handle malformed replies better in real code: here they are as good as none
        let is_reply = msg.size() >= 3 && msg[0] == MDPC_CLIENT && msg[1] == service;
        if !is_reply {
            return Err(Error::invalid("receive reply", "it is no reply of the service"));
        }
        msg.pop();
        msg.pop();
        Ok(msg) // Success
    }
}

/// Connects to the broker; what was connected before is closed when it is replaced.
fn connect_to_broker(ctx: &ZCtx, broker: &str, verbose: bool) -> Result<Socket<Req>> {
    let client = ctx.socket(Req)?;
    client.connect(broker)?;
    if verbose {
        zclock::log(format!("I: connecting to broker at {broker}..."));
    }
    Ok(client)
}
