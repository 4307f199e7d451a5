//! Lazy Pirate client: uses poll to do a safe request-reply. To run, start lpserver and then randomly kill and restart
//! it.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed;

const REQUEST_TIMEOUT: Duration = Duration::from_millis(2500); // (> 1000!)
const REQUEST_RETRIES: usize = 3; // Before we abandon

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--connect", "tcp://localhost:5555"), speed::OPTION]);
    let request_timeout = args.speed().of(REQUEST_TIMEOUT);

    let ctx = ZCtx::new()?;
    println!("I: connecting to server...");
    let mut client = ctx.socket(Req)?;
    client.connect(&args["--connect"])?;

    let mut sequence: u64 = 0;
    let mut retries_left = REQUEST_RETRIES;
    while retries_left > 0 && !zsys::interrupted() {
        // We send a request, then we work to get a reply
        sequence += 1;
        let request = sequence.to_string();
        // Where a server's nonsense has cut the connection it would wait for ever; so there is no reply, and a new socket
        client.try_send(&*request).ok();

        let mut expect_reply = true;
        while expect_reply {
            // Poll socket for a reply, with timeout
            let mut items = [client.poll_item(PollEvents::IN)];
            if poll(&mut items, Some(request_timeout)).is_err() {
                break; // Interrupted
            }
            // Here we process a server reply and exit our loop if the reply is valid. If we didn't get a reply we
            // close the client socket and resend the request. We try a number of times before finally abandoning:
            if items[0].is_readable() {
                // We got a reply from the server, must match sequence. It is read to its end, however many frames
                // it has: until then a REQ cannot send again
                let Ok(mut reply) = ZMsg::recv_nowait(&client) else {
                    continue; // A REQ is readable by what is no reply as well, and drops it
                };
                let reply = reply.popstr().unwrap_or_default();
                if reply == request {
                    println!("I: server replied OK ({reply})");
                    retries_left = REQUEST_RETRIES;
                    expect_reply = false;
                } else {
                    println!("E: malformed reply from server: {reply}");
                }
            } else {
                retries_left -= 1;
                if retries_left == 0 {
                    println!("E: server seems to be offline, abandoning");
                    break;
                }
                println!("W: no response from server, retrying...");
                // Old socket is confused; close it and open a new one. With it goes whatever is still to come for it
                println!("I: reconnecting to server...");
                client = ctx.socket(Req)?;
                client.connect(&args["--connect"])?;
                // Send request again, on new socket
                zstr::send(&client, &request)?;
            }
        }
    }
    Ok(())
}
