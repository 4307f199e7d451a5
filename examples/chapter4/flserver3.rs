//! Freelance server - Model 3: uses a ROUTER/ROUTER socket but just one thread.

use czmq_like::Result;
use czmq_like::prelude::*;

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--bind", "tcp://*:5555"),
        ("--identity", "tcp://localhost:5555"),
        ("-v, --verbose", ""),
        guide::speed::OPTION,
    ]);
    let verbose = args.is_set("--verbose");

    let ctx = ZCtx::new()?;

    // Prepare server socket with predictable identity: the endpoint that clients connect to
    let server = ctx.socket(Router)?;
    server.set_identity(&args["--identity"])?;
    server.bind(&args["--bind"])?;
    println!("I: service is ready at {}", &args["--bind"]);

    while !zsys::interrupted() {
        let Ok(mut request) = ZMsg::recv(&server) else { break }; // Interrupted
        if verbose {
            request.dump();
        }
        // Frame 0: identity of client
        // Frame 1: PING, or client control frame
        // Frame 2: request body
        let (Some(identity), Some(control)) = (request.pop(), request.pop()) else { continue };
        let mut reply = ZMsg::new();
        if control == "PING" && request.size() == 0 {
            reply.addstr("PONG");
        } else {
            reply.add(control);
            reply.addstr("OK");
        }
        reply.push(identity);
        if verbose {
            reply.dump();
        }
        reply.send(&server)?;
    }
    if zsys::interrupted() {
        println!("W: interrupted");
    }
    Ok(())
}
