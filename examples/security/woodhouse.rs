//! The Woodhouse: clients come in by name and password. Who listens on the network hears both, and may use them.

use std::fs;

use czmq_like::Result;
use czmq_like::prelude::*;

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--bind", "tcp://*:9000"),
        ("--connect", "tcp://127.0.0.1:9000"),
        ("--passwords", "passwords"),
        ("--username", "admin"),
        ("--password", "secret"),
    ]);

    // Create context and start authenticator
    let ctx = ZCtx::new()?;
    let auth = ZAuth::new(&ctx)?;
    auth.verbose()?;
    auth.allow(&["127.0.0.1"])?;

    // The file of passwords, which an administrator would write; here it is made where there is none
    if !zfile::exists(&args["--passwords"]) {
        fs::write(&args["--passwords"], "admin=secret\n")?;
    }
    // Tell the authenticator to let in those PLAIN clients that are in it
    auth.plain(&args["--passwords"])?;

    // Create and bind server socket
    let server = ctx.socket(Push)?;
    server.set_plain_server(true)?;
    server.bind(&args["--bind"])?;

    // Create and connect client socket
    let client = ctx.socket(Pull)?;
    client.set_plain_username(Some(&args["--username"]))?;
    client.set_plain_password(Some(&args["--password"]))?;
    client.connect(&args["--connect"])?;

    // Send a single message from server to client
    zstr::send(&server, "Hello")?;
    let message = zstr::recv(&client)?;
    if message == "Hello" {
        println!("Woodhouse test OK");
    }
    Ok(())
}
