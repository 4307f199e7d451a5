//! Load-balancing broker 2: demonstrates use of the CZMQ API.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed::{self, Speed};

const NBR_CLIENTS: usize = 10;
const NBR_WORKERS: usize = 3;
const WORKER_READY: &str = "\x01"; // Signals worker is ready

// Basic request-reply client using REQ socket
fn client_task(endpoint: &str, speed: Speed) -> Result<()> {
    let ctx = ZCtx::new()?;
    let client = ctx.socket(Req)?;
    client.connect(endpoint)?;

    // Send request, get reply
    loop {
        zstr::send(&client, "HELLO")?;
        let reply = zstr::recv(&client)?; // Interrupted
        println!("Client: {reply}");
        zclock::sleep(speed.of(Duration::from_secs(1)));
    }
}

// Worker using REQ socket to do load-balancing
fn worker_task(endpoint: &str) -> Result<()> {
    let ctx = ZCtx::new()?;
    let worker = ctx.socket(Req)?;
    worker.connect(endpoint)?;

    // Tell broker we're ready for work
    let frame = ZFrame::new(WORKER_READY);
    frame.send(&worker)?;

    // Process messages as they arrive
    loop {
        let mut msg = ZMsg::recv(&worker)?; // Interrupted
        if let Some(frame) = msg.last_mut() {
            frame.reset("OK");
        }
        msg.send(&worker)?;
    }
}

// Now we come to the main task. This does the same as the earlier broker, but uses CZMQ to start child threads, to hold
// the list of workers, and to read and send messages.

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--frontend", "ipc://frontend.ipc"),
        ("--backend", "ipc://backend.ipc"),
        ("--verbose", ""),
        speed::OPTION,
    ]);
    let (verbose, speed) = (args.is_set("--verbose"), args.speed());

    let ctx = ZCtx::new()?;
    let frontend = ctx.socket(Router)?;
    let backend = ctx.socket(Router)?;
    frontend.bind(&args["--frontend"])?;
    backend.bind(&args["--backend"])?;

    for _client_nbr in 0..NBR_CLIENTS {
        let endpoint = args["--frontend"].to_owned();
        zthread::spawn_detached(move || client_task(&endpoint, speed))?;
    }
    for _worker_nbr in 0..NBR_WORKERS {
        let endpoint = args["--backend"].to_owned();
        zthread::spawn_detached(move || worker_task(&endpoint))?;
    }

    // Queue of available workers
    let mut workers: VecDeque<ZFrame> = VecDeque::new();

    // Here is the main loop for the load balancer. It works the same way as the previous example, but is a lot shorter
    // because CZMQ gives us an API that does more with fewer calls.
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
            let Some(identity) = msg.unwrap() else { continue };
            if verbose {
                println!("Ready: {}", identity.strhex());
            }
            workers.push_back(identity);

            // Forward message to client if it's not a READY
            if msg.first().is_some_and(|frame| !frame.streq(WORKER_READY)) {
                msg.send(&frontend)?;
            }
        }
        if items[1].is_readable() {
            // Get client request, route to first available worker
            let Ok(mut msg) = ZMsg::recv(&frontend) else { break }; // Interrupted
            let Some(worker) = workers.pop_front() else {
                continue; // Not so: the frontend is polled only with a worker ready
            };
            if verbose {
                println!("Routed: {}", worker.strhex());
            }
            msg.wrap(worker);
            msg.send(&backend)?;
        }
    }
    Ok(())
}
