//! Freelance server - Model 1: trivial echo service.

use czmq_like::Result;
use czmq_like::prelude::*;

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("endpoint", ""), guide::speed::OPTION]);
    let ctx = ZCtx::new()?;
    let server = ctx.socket(Rep)?;
    server.bind(&args["endpoint"])?;

    println!("I: echo service is ready at {}", &args["endpoint"]);
    loop {
        let Ok(msg) = ZMsg::recv(&server) else { break }; // Interrupted
        msg.send(&server)?;
    }
    if zsys::interrupted() {
        println!("W: interrupted");
    }
    Ok(())
}
