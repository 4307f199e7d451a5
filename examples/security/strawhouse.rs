//! The Strawhouse: clients come in by their address. It stops those who are lost, and nobody who is determined.

use czmq_like::Result;
use czmq_like::prelude::*;

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--bind", "tcp://*:9000"),
        ("--connect", "tcp://127.0.0.1:9000"),
        ("--allow", "127.0.0.1"),
    ]);

    // Create context
    let ctx = ZCtx::new()?;

    // Start an authenticator for this context: libzmq asks it about each client, by a protocol called ZAP
    let auth = ZAuth::new(&ctx)?;

    // Have it say what it decides
    auth.verbose()?;

    // Allow our address, and thereby no other
    auth.allow(&[&args["--allow"]])?;

    // Create and bind server socket. Without a domain, libzmq does not ask
    let server = ctx.socket(Push)?;
    server.set_zap_domain("global")?;
    server.bind(&args["--bind"])?;

    // Create and connect client socket
    let client = ctx.socket(Pull)?;
    client.connect(&args["--connect"])?;

    // Send a single message from server to client
    zstr::send(&server, "Hello")?;
    let message = zstr::recv(&client)?;
    if message == "Hello" {
        println!("Strawhouse test OK");
    }
    // The server goes before the authenticator: without one, libzmq lets everybody in
    Ok(())
}
