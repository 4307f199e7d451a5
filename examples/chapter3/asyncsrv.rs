//! Asynchronous client-to-server (DEALER to ROUTER).
//!
//! That all of this is one process only makes it easier to start and stop. Each task has its own context, as if it were
//! a process of its own.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed::{self, Speed};

// This is our client task. It connects to the server, and then sends a request once per second. It collects responses
// as they arrive, and it prints them out. We run several client tasks in parallel, each with a different random ID.

fn client_task(endpoint: &str, speed: Speed) -> Result<()> {
    let ctx = ZCtx::new()?;
    let client = ctx.socket(Dealer)?;

    // Set random identity to make tracing easier
    let identity = format!("{:04X}-{:04X}", randof(0x10000), randof(0x10000));
    client.set_identity(&identity)?;
    client.connect(endpoint)?;

    let mut request_nbr = 0;
    loop {
        // Tick once per second, pulling in arriving messages
        for _centitick in 0..100 {
            let mut items = [client.poll_item(PollEvents::IN)];
            poll(&mut items, Some(speed.of(Duration::from_millis(10))))?;
            if items[0].is_readable() {
                let msg = ZMsg::recv(&client)?;
                if let Some(frame) = msg.last() {
                    frame.print(&identity);
                }
            }
        }
        request_nbr += 1;
        zstr::send(&client, format!("request #{request_nbr}"))?;
    }
}

// This is our server task. It uses the multithreaded server model to deal requests out to a pool of workers and route
// replies back to clients. One worker can handle one request at a time but one client can talk to multiple workers at
// once.

fn server_task(endpoint: &str, speed: Speed, verbose: bool) -> Result<()> {
    // Frontend socket talks to clients over TCP
    let ctx = ZCtx::new()?;
    let frontend = ctx.socket(Router)?;
    frontend.bind(endpoint)?;

    // Backend socket talks to workers over inproc
    let backend = ctx.socket(Dealer)?;
    backend.bind("inproc://backend")?;

    // Launch pool of worker threads, precise number is not critical
    for _thread_nbr in 0..5 {
        zthread::fork(&ctx, move |ctx, _pipe| server_worker(&ctx, speed, verbose))?;
    }

    // Connect backend to frontend via a proxy
    proxy(&frontend, &backend)
}

// Each worker task works on one request at a time and sends a random number of replies back, with random delays between
// replies:

fn server_worker(ctx: &ZCtx, speed: Speed, verbose: bool) -> Result<()> {
    let worker = ctx.socket(Dealer)?;
    worker.connect("inproc://backend")?;

    loop {
        // The DEALER socket gives us the reply envelope and message
        let mut msg = ZMsg::recv(&worker)?;
        let (Some(identity), Some(content)) = (msg.pop(), msg.pop()) else {
            continue; // Not from a client
        };

        // Send 0..4 replies back
        let replies = randof(5);
        if verbose {
            println!("{} gets {replies} replies to {}", identity.strdup(), content.strdup());
        }
        for _reply in 0..replies {
            // Sleep for some fraction of a second
            zclock::sleep(speed.of(Duration::from_millis(randof(1000) + 1)));
            identity.dup().send_more(&worker)?;
            content.dup().send(&worker)?;
        }
    }
}

// The main thread simply starts several clients, and a server, and then waits for the server to finish.

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--bind", "tcp://*:5570"),
        ("--connect", "tcp://localhost:5570"),
        ("--run", "5s"),
        ("--verbose", ""),
        speed::OPTION,
    ]);
    let (verbose, speed) = (args.is_set("--verbose"), args.speed());

    for _client_nbr in 0..3 {
        let endpoint = args["--connect"].to_owned();
        zthread::spawn_detached(move || client_task(&endpoint, speed))?;
    }
    let endpoint = args["--bind"].to_owned();
    zthread::spawn_detached(move || server_task(&endpoint, speed, verbose))?;

    // Run for 5 seconds then quit
    zclock::sleep(speed.of(args.duration("--run")));
    Ok(())
}
