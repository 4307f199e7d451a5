//! The Stonehouse: anybody may come, to a server that proves who it is, and what is said is secret and stays as it was.

use czmq_like::Result;
use czmq_like::prelude::*;

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--bind", "tcp://*:9000"),
        ("--connect", "tcp://127.0.0.1:9000"),
        ("--impostor", ""),
    ]);

    // Create context and start authenticator
    let ctx = ZCtx::new()?;
    let auth = ZAuth::new(&ctx)?;
    auth.verbose()?;
    auth.allow(&["127.0.0.1"])?;

    // Tell the authenticator to let in all CURVE clients
    auth.curve(CURVE_ALLOW_ANY)?;

    // Two certificates, one for the client and one for the server, whose public key the client has to know
    let client_cert = ZCert::new()?;
    let server_cert = ZCert::new()?;
    let mut server_key = server_cert.public_key();
    if args.is_set("--impostor") {
        server_key = ZCert::new()?.public_key(); // Of the server that the client wants, and that this one is not
    }

    // Create and bind server socket
    let server = ctx.socket(Push)?;
    server_cert.apply(&server)?;
    server.set_curve_server(true)?;
    server.bind(&args["--bind"])?;

    // Create and connect client socket
    let client = ctx.socket(Pull)?;
    client_cert.apply(&client)?;
    client.set_curve_serverkey(&server_key)?;
    client.connect(&args["--connect"])?;

    // Send a single message from server to client
    zstr::send(&server, "Hello")?;
    let message = zstr::recv(&client)?;
    if message == "Hello" {
        println!("Stonehouse test OK");
    }
    Ok(())
}
