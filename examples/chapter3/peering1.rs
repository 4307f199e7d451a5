//! Broker peering simulation (part 1): prototypes the state flow.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed;

pub(crate) fn main() -> Result<()> {
    // First argument is this broker's name
    // Other arguments are our peers' names
    let args = guide::args(&[("me", ""), ("you...", ""), ("--folder", "."), speed::OPTION]);
    let (me, speed) = (&args["me"], args.speed());
    let endpoint = |name: &str, flow| format!("ipc://{}/{name}-{flow}.ipc", &args["--folder"]);
    println!("I: preparing broker at {me}...");

    let ctx = ZCtx::new()?;

    // Bind state backend to endpoint
    let statebe = ctx.socket(Pub)?;
    statebe.bind(endpoint(me, "state"))?;

    // Connect statefe to all peers
    let statefe = ctx.socket(Sub)?;
    statefe.subscribe("")?;
    for peer in args.rest("you...") {
        println!("I: connecting to state backend at '{peer}'");
        statefe.connect(endpoint(peer, "state"))?;
    }

    // The main loop sends out status messages to peers, and collects status messages back from peers. The poll timeout
    // defines our own heartbeat:
    loop {
        // Poll for activity, or 1 second timeout
        let mut items = [statefe.poll_item(PollEvents::IN)];
        if poll(&mut items, Some(speed.of(Duration::from_secs(1)))).is_err() {
            break; // Interrupted
        }

        // Handle incoming status messages
        if items[0].is_readable() {
            let Ok(status) = zstr::recvx(&statefe) else { break }; // Interrupted
            let [Some(peer_name), Some(available)] = status else {
                continue; // Not from a peer
            };
            println!("{peer_name} - {available} workers free");
        } else {
            // Send random values for worker availability
            zstr::sendm(&statebe, me)?;
            zstr::send(&statebe, format!("{}", randof(10)))?;
        }
    }
    Ok(())
}
