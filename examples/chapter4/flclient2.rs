//! Freelance client - Model 2: uses DEALER socket to blast one or more services.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed::{self, Speed};

// If not a single service replies within this time, give up
const GLOBAL_TIMEOUT: Duration = Duration::from_millis(2500);

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("endpoint...", ""), ("--requests", "10000"), speed::OPTION]);
    let endpoints = args.rest("endpoint...");
    if endpoints.is_empty() {
        println!("I: syntax: flclient2 <endpoint> ...");
        return Ok(());
    }
    // Create new freelance client object
    let mut client = FlClient::new(args.speed())?;

    // Connect to each endpoint
    for endpoint in endpoints {
        client.connect(endpoint)?;
    }
    // Send a bunch of name resolution 'requests', measure time
    let (mut requests, wanted) = (0, args.number("--requests"));
    let start = zclock::mono();
    while requests < wanted {
        let mut request = ZMsg::new();
        request.addstr("random name");
        let Ok(reply) = client.request(request) else { break }; // Interrupted
        if reply.is_none() {
            println!("E: name service not available, aborting");
            break;
        }
        requests += 1;
    }
    let usec = (zclock::mono() - start).as_micros();
    if let Some(average) = usec.checked_div(requests) {
        println!("Average round trip cost: {average} usec");
    }
    Ok(())
}

// Here is the FlClient class implementation. Each instance has a context, a DEALER socket it uses to talk to the
// servers, a counter of how many servers it's connected to, and a request sequence number:

struct FlClient {
    socket: Socket<Dealer>, // DEALER socket talking to servers
    servers: usize,         // How many servers we have connected to
    sequence: u64,          // Number of requests ever sent
    timeout: Duration,
    _ctx: ZCtx, // Our context wrapper
}

impl FlClient {
    // Constructor
    fn new(speed: Speed) -> Result<Self> {
        let ctx = ZCtx::new()?;
        let socket = ctx.socket(Dealer)?;
        Ok(Self { socket, servers: 0, sequence: 0, timeout: speed.of(GLOBAL_TIMEOUT), _ctx: ctx })
    }

    // Connect to new server endpoint
    fn connect(&mut self, endpoint: &str) -> Result<()> {
        self.socket.connect(endpoint)?;
        self.servers += 1;
        Ok(())
    }

    // This method does the hard work. It sends a request to all connected servers in parallel (for this to work, all
    // connections must be successful and completed by this time). It then waits for a single successful reply, and
    // returns that to the caller. Any other replies are just dropped:
    fn request(&mut self, mut request: ZMsg) -> Result<Option<ZMsg>> {
        // Prefix request with sequence number and empty envelope
        self.sequence += 1;
        let sequence_text = self.sequence.to_string();
        request.pushstr(&sequence_text);
        request.pushstr("");

        // Blast the request to all connected servers
        for _server in 0..self.servers {
            let msg = request.dup();
            msg.send(&self.socket)?;
        }
        // Wait for a matching reply to arrive from anywhere. Since we can poll several times, calculate each one
        let endtime = zclock::mono() + self.timeout;
        while zclock::mono() < endtime {
            let left = endtime.saturating_sub(zclock::mono());
            if ZSocket::poll(&self.socket, Some(left))? {
                // Reply is [empty][sequence][OK]; what is not, or to an earlier request, is dropped
                let mut reply = ZMsg::recv(&self.socket)?;
                if reply.size() == 3 {
                    reply.pop();
                    if reply.popstr().as_ref() == Some(&sequence_text) {
                        return Ok(Some(reply));
                    }
                }
            }
        }
        Ok(None)
    }
}
