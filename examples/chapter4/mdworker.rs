//! Majordomo worker: uses the mdwrk API to hide all protocol aspects.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::mdwrkapi::MdWrk;
use guide::speed;

const HEARTBEAT: Duration = Duration::from_millis(2500);
const RECONNECT: Duration = Duration::from_millis(2500);

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--broker", "tcp://localhost:5555"),
        ("--service", "echo"),
        speed::OPTION,
        ("-v, --verbose", ""),
    ]);
    let speed = args.speed();
    let mut session = MdWrk::new(&args["--broker"], &args["--service"], args.is_set("--verbose"))?;
    session.set_heartbeat(speed.of(HEARTBEAT));
    session.set_reconnect(speed.of(RECONNECT));

    let mut reply = None;
    loop {
        let request = match session.recv(reply) {
            Err(error) if error.kind() == ErrorKind::Interrupted => break, // Worker was interrupted
            request => request?,
        };
        reply = Some(request); // Echo is complex... :-)
    }
    Ok(())
}
