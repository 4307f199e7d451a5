//! Simple message queuing broker: same as the request-reply broker, but using the proxy.

use zmqx::{Context, Dealer, Result, Router, proxy};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--frontend", "tcp://*:5559"), ("--backend", "tcp://*:5560")]);

    let context = Context::new()?;

    // Socket facing clients
    let frontend = context.socket(Router)?;
    frontend.bind(&args["--frontend"])?;

    // Socket facing services
    let backend = context.socket(Dealer)?;
    backend.bind(&args["--backend"])?;

    // Start the proxy, which ends only with an error
    proxy(&frontend, &backend)
}
