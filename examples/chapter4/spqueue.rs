//! Simple Pirate broker. This is identical to the load-balancing pattern, with no reliability mechanisms whatsoever. It
//! depends on the client for recovery. Runs forever.

use czmq_like::Result;
use czmq_like::prelude::*;

const WORKER_READY: &[u8] = b"\x01"; // Signals worker is ready

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--frontend", "tcp://*:5555"),
        ("--backend", "tcp://*:5556"),
        guide::speed::OPTION, // As every program of this chapter, though this one has no times
    ]);

    let ctx = ZCtx::new()?;
    let frontend = ctx.socket(Router)?;
    let backend = ctx.socket(Router)?;
    frontend.bind(&args["--frontend"])?; // For clients
    backend.bind(&args["--backend"])?; // For workers

    // Queue of available workers
    let mut workers: VecDeque<ZFrame> = VecDeque::new();

    // The body of this example is exactly the same as lbbroker2
    loop {
        let mut items = [backend.poll_item(PollEvents::IN), frontend.poll_item(PollEvents::IN)];
        // Poll frontend only if we have available workers
        let available = if workers.is_empty() { 1 } else { 2 };
        if poll(&mut items[..available], None).is_err() {
            break; // Interrupted
        }
        // Handle worker activity on backend
        if items[0].is_readable() {
            // Use worker identity for load-balancing
            let Ok(mut msg) = ZMsg::recv(&backend) else { break }; // Interrupted
            let (Some(identity), Some(empty)) = (msg.pop(), msg.pop()) else { continue };
            // Forward message to client if it's not a READY. What is neither that nor a reply, which begins with the
            // client's identity, or has no REQ's empty frame before it, is not from a worker
            let is_ready =
                msg.size() == 1 && msg.first().is_some_and(|frame| frame == WORKER_READY);
            if empty.size() > 0 || (!is_ready && msg.size() < 2) {
                continue;
            }
            workers.retain(|worker| *worker != identity);
            workers.push_back(identity);
            if !is_ready {
                msg.send(&frontend)?;
            }
        }
        if items[1].is_readable() {
            // Get client request, route to first available worker
            let Ok(mut msg) = ZMsg::recv(&frontend) else { break }; // Interrupted
            if let Some(worker) = workers.pop_front() {
                msg.wrap(worker);
                msg.send(&backend)?;
            }
        }
    }
    Ok(())
}
