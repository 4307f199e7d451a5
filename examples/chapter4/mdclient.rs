//! Majordomo client: uses the mdcli API to hide all protocol aspects.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::mdcliapi::MdCli;
use guide::rate::calls_per_second;
use guide::speed;

const TIMEOUT: Duration = Duration::from_millis(2500);

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--broker", "tcp://localhost:5555"),
        ("--requests", "100000"),
        speed::OPTION,
        ("-v, --verbose", ""),
    ]);
    let mut session = MdCli::new(&args["--broker"], args.is_set("--verbose"))?;
    session.set_timeout(args.speed().of(TIMEOUT));

    let requests: u64 = args.number("--requests");
    let start = zclock::mono();
    let mut count = 0;
    while count < requests {
        let mut request = ZMsg::new();
        request.pushstr("Hello world");
        if session.send("echo", request).is_err() {
            break; // Interrupt or failure
        }
        count += 1;
    }
    println!("{count} requests/replies processed");
    println!(" {} calls/second", calls_per_second(count, start));
    Ok(())
}
