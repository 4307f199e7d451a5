//! Freelance server - Model 2: does some work, replies OK, with message sequencing.

use czmq_like::Result;
use czmq_like::prelude::*;

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("endpoint", ""), guide::speed::OPTION]);
    let ctx = ZCtx::new()?;
    let server = ctx.socket(Rep)?;
    server.bind(&args["endpoint"])?;

    println!("I: service is ready at {}", &args["endpoint"]);
    loop {
        let Ok(mut request) = ZMsg::recv(&server) else { break }; // Interrupted
        let mut reply = ZMsg::new();
        match (request.size(), request.pop()) {
            (2, Some(identity)) => {
                reply.add(identity);
                reply.addstr("OK");
            }
            // Not a request of two frames. A REP has to answer before it can receive again, if with nothing
            _ => reply.addstr(""),
        }
        reply.send(&server)?;
    }
    if zsys::interrupted() {
        println!("W: interrupted");
    }
    Ok(())
}
