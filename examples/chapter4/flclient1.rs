//! Freelance client - Model 1: uses REQ socket to query one or more services.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed;

const REQUEST_TIMEOUT: Duration = Duration::from_millis(1000);
const MAX_RETRIES: usize = 3; // Before we abandon

fn try_request(
    ctx: &ZCtx,
    endpoint: &str,
    request: &ZMsg,
    timeout: Duration,
) -> Result<Option<ZMsg>> {
    println!("I: trying echo service at {endpoint}...");
    let client = ctx.socket(Req)?;
    client.connect(endpoint)?;

    // Send request, wait safely for reply
    let msg = request.dup();
    msg.send(&client)?;
    let mut reply = None;
    if ZSocket::poll(&client, Some(timeout))? {
        // A REQ is readable by what is no reply as well, and drops it
        reply = ZMsg::recv_nowait(&client).ok();
    }
    // Close socket in any case, we're done with it now
    Ok(reply)
}

// The client uses a Lazy Pirate strategy if it only has one server to talk to. If it has two or more servers to talk
// to, it will try each server just once:

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("endpoint...", ""), speed::OPTION]);
    let timeout = args.speed().of(REQUEST_TIMEOUT);

    let ctx = ZCtx::new()?;
    let mut request = ZMsg::new();
    request.addstr("Hello world");
    let mut reply = None;

    let endpoints = args.rest("endpoint...");
    if endpoints.is_empty() {
        println!("I: syntax: flclient1 <endpoint> ...");
    } else if let [endpoint] = endpoints[..] {
        // For one endpoint, we retry N times
        for _retries in 0..MAX_RETRIES {
            let Ok(tried) = try_request(&ctx, endpoint, &request, timeout) else { break }; // Interrupted
            reply = tried;
            if reply.is_some() {
                break; // Successful
            }
            println!("W: no response from {endpoint}, retrying...");
        }
    } else {
        // For multiple endpoints, try each at most once
        for endpoint in endpoints {
            let Ok(tried) = try_request(&ctx, endpoint, &request, timeout) else { break }; // Interrupted
            reply = tried;
            if reply.is_some() {
                break; // Successful
            }
            println!("W: no response from {endpoint}");
        }
    }
    if reply.is_some() {
        println!("Service is running OK");
    }
    Ok(())
}
