//! Majordomo client, asynchronous: uses the mdcli API of mdcliapi2 to hide all protocol aspects.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::mdcliapi2::MdCli2;
use guide::rate::calls_per_second;
use guide::speed;

const TIMEOUT: Duration = Duration::from_millis(2500);

// The Guide's sends all requests before it reads a reply. But a broker drops what a client's queue, of 1,000, does not
// hold, and then the client waits in vain.
const AT_ONCE: u64 = 1000;

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--broker", "tcp://localhost:5555"),
        ("--requests", "100000"),
        speed::OPTION,
        ("-v, --verbose", ""),
    ]);
    let mut session = MdCli2::new(&args["--broker"], args.is_set("--verbose"))?;
    session.set_timeout(args.speed().of(TIMEOUT))?;

    let requests: u64 = args.number("--requests");
    let start = zclock::mono();
    let (mut sent, mut count) = (0, 0);
    while count < requests {
        if sent < requests && sent - count < AT_ONCE {
            let mut request = ZMsg::new();
            request.pushstr("Hello world");
            if session.send("echo", request).is_err() {
                break; // Interrupted by Ctrl-C, or no broker
            }
            sent += 1;
        } else {
            if session.recv().is_err() {
                break; // Interrupted by Ctrl-C, or no reply
            }
            count += 1;
        }
    }
    println!("{count} replies received");
    println!(" {} calls/second", calls_per_second(count, start));
    Ok(())
}
