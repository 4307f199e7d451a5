//! Freelance client - Model 3: uses the FlCliApi class to encapsulate the Freelance pattern.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::flcliapi::FlCliApi;
use guide::speed;

const ENDPOINTS: [&str; 3] =
    ["tcp://localhost:5555", "tcp://localhost:5556", "tcp://localhost:5557"];

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("endpoint...", ""), ("--requests", "1000"), speed::OPTION]);
    let endpoints = args.rest("endpoint...");

    // Create new freelance client object
    let mut client = FlCliApi::with_speed(args.speed())?;

    // Connect to several endpoints
    for endpoint in if endpoints.is_empty() { &ENDPOINTS[..] } else { &endpoints } {
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
