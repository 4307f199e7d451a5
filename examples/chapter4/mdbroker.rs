//! Majordomo broker: a minimal implementation of the Majordomo Protocol, https://rfc.zeromq.org/spec/7/ and
//! https://rfc.zeromq.org/spec/8/.

use czmq_like::Result;
use guide::mdbroker::{Broker, HEARTBEAT_INTERVAL};
use guide::speed;

// The main task creates a broker, and has it process messages until it is interrupted. Both clients and workers come in on
// the same socket.

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--bind", "tcp://*:5555"),
        ("--expiry", "60s"), // How long requests wait for a first worker
        speed::OPTION,
        ("-v, --verbose", ""),
    ]);
    let speed = args.speed();

    let mut broker = Broker::new(args.is_set("--verbose"))?;
    broker.set_heartbeat(speed.of(HEARTBEAT_INTERVAL));
    broker.set_request_expiry(speed.of(args.duration("--expiry")));
    broker.bind(&args["--bind"])?;
    broker.run()
}
