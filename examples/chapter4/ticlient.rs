//! Titanic client: implements the client side of https://rfc.zeromq.org/spec/9/.

use czmq_like::prelude::*;
use czmq_like::{Error, Result};
use guide::mdcliapi::MdCli;
use guide::speed;

const TIMEOUT: Duration = Duration::from_millis(2500);

// Calls a TSP service. Returns response if successful (status code 200 OK), else NULL: it is to be asked for again.

fn service_call(session: &mut MdCli, service: &str, request: ZMsg) -> Result<Option<ZMsg>> {
    let mut reply = session.send(service, request)?;
    // Three digits, and perhaps a blank and a text
    let status = reply.popstr().unwrap_or_default();
    match status.split(' ').next() {
        Some("200") => Ok(Some(reply)),
        Some("400") => {
            println!("E: client fatal error, aborting");
            Err(Error::invalid("call titanic", "400"))
        }
        Some("500") => {
            println!("E: server error, trying again");
            Ok(None)
        }
        _ => Ok(None), // Didn't succeed, don't care why not
    }
}

// The main task tests our service call by sending an echo request:

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--broker", "tcp://localhost:5555"),
        ("--request", "Hello world"),
        speed::OPTION,
        ("-v, --verbose", ""),
    ]);
    let speed = args.speed();
    let mut session = MdCli::new(&args["--broker"], args.is_set("--verbose"))?;
    session.set_timeout(speed.of(TIMEOUT));

    // 1. Send 'echo' request to Titanic
    let mut request = ZMsg::new();
    request.addstr("echo");
    request.addstr(&args["--request"]);
    let mut uuid = None;
    while uuid.is_none() && !zsys::interrupted() {
        uuid = match service_call(&mut session, "titanic.request", request.dup())? {
            Some(mut reply) => reply.pop(),
            None => None,
        };
        match &uuid {
            Some(uuid) => uuid.print("I: request UUID "),
            None => zclock::sleep(speed.of(Duration::from_secs(5))),
        }
    }
    let Some(uuid) = uuid else { return Ok(()) };

    // 2. Wait until we get a reply
    while !zsys::interrupted() {
        zclock::sleep(speed.of(Duration::from_millis(100)));
        let mut request = ZMsg::new();
        request.add(uuid.dup());
        if let Some(reply) = service_call(&mut session, "titanic.reply", request)? {
            println!("Reply: {}", reply.last().map(ZFrame::strdup).unwrap_or_default());

            // 3. Close request
            let mut request = ZMsg::new();
            request.add(uuid.dup());
            service_call(&mut session, "titanic.close", request)?;
            break;
        }
        println!("I: no reply yet, trying again...");
        zclock::sleep(speed.of(Duration::from_secs(5))); // Try again in 5 seconds
    }
    Ok(())
}
