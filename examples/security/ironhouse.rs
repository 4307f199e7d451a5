//! The Ironhouse: as the Stonehouse, and only those clients come in whose certificates the server has.

use std::path::Path;

use czmq_like::Result;
use czmq_like::prelude::*;

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--bind", "tcp://*:9000"),
        ("--connect", "tcp://127.0.0.1:9000"),
        ("--store", ".curve"),
        ("--stranger", ""),
    ]);

    // Create context and start authenticator
    let ctx = ZCtx::new()?;
    let auth = ZAuth::new(&ctx)?;
    auth.verbose()?;
    auth.allow(&["127.0.0.1"])?;

    // Tell the authenticator to use the certificate store in .curve
    auth.curve(&args["--store"])?;

    // Make a certificate for the client, and save its public part in the store: by hand, as a rule, when the client's owner
    // has handed it over in a safe way. The store notices by itself
    let mut client_cert = ZCert::new()?;
    zfile::mkdir(&args["--store"])?;
    client_cert.set_meta("name", "Client test certificate");
    if !args.is_set("--stranger") {
        client_cert.save_public(Path::new(&args["--store"]).join("testcert.pub"))?;
    }

    // Prepare the server certificate as we did in Stonehouse
    let server_cert = ZCert::new()?;
    let server_key = server_cert.public_key();

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
        println!("Ironhouse test OK");
    }
    Ok(())
}
