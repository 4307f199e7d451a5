//! MMI echo query: asks the broker whether there is an echo service.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::mdcliapi::MdCli;
use guide::speed;

const TIMEOUT: Duration = Duration::from_millis(2500);

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--broker", "tcp://localhost:5555"),
        ("--service", "echo"),
        speed::OPTION,
        ("-v, --verbose", ""),
    ]);
    let mut session = MdCli::new(&args["--broker"], args.is_set("--verbose"))?;
    session.set_timeout(args.speed().of(TIMEOUT));

    // This is the service we want to look up
    let service = &args["--service"];
    let mut request = ZMsg::new();
    request.addstr(service);

    // This is the service we send our request to
    match session.send("mmi.service", request) {
        Ok(mut reply) => {
            println!("Lookup {service} service: {}", reply.popstr().unwrap_or_default());
        }
        Err(_) => println!("E: no response from broker, make sure it's running"),
    }
    Ok(())
}
