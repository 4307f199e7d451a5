//! Load-balancing broker 3: demonstrates use of the CZMQ API and reactor style.
//!
//! The client and worker tasks are those of lbbroker2.

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

// Our load-balancer structure, passed to reactor handlers
struct LbBroker<'a> {
    frontend: &'a Socket<Router>, // Listen to clients
    backend: &'a Socket<Router>,  // Listen to workers
    workers: VecDeque<ZFrame>,    // List of ready workers
    verbose: bool, // Say on stderr, between the reactor's own lines, who is ready, and who gets work
}

// In the reactor design, each time a message arrives on a socket, the reactor passes it to a handler function. We have
// two handlers; one for the frontend, one for the backend:

// Handle input from client, on frontend
fn handle_frontend<'a>(
    reactor: &mut ZLoop<'a, LbBroker<'a>>,
    frontend: &Socket<Router>,
    broker: &mut LbBroker<'a>,
) -> Result<()> {
    let mut msg = ZMsg::recv(frontend)?;
    let Some(worker) = broker.workers.pop_front() else {
        return Ok(()); // Not so: the frontend has a reader only with a worker ready
    };
    if broker.verbose {
        eprintln!("Routed: {}", worker.strhex());
    }
    msg.wrap(worker);
    msg.send(broker.backend)?;

    // Cancel reader on frontend if we went from 1 to 0 workers
    if broker.workers.is_empty() {
        reactor.reader_end(broker.frontend);
    }
    Ok(())
}

// Handle input from worker, on backend
fn handle_backend<'a>(
    reactor: &mut ZLoop<'a, LbBroker<'a>>,
    backend: &Socket<Router>,
    broker: &mut LbBroker<'a>,
) -> Result<()> {
    // Use worker identity for load-balancing
    let mut msg = ZMsg::recv(backend)?;
    let Some(identity) = msg.unwrap() else {
        return Ok(()); // Not so: a ROUTER puts one in front
    };
    if broker.verbose {
        eprintln!("Ready: {}", identity.strhex());
    }
    broker.workers.push_back(identity);

    // Enable reader on frontend if we went from 0 to 1 workers
    if broker.workers.len() == 1 {
        reactor.reader(broker.frontend, handle_frontend)?;
    }
    // Forward message to client if it's not a READY
    if msg.first().is_some_and(|frame| !frame.streq(WORKER_READY)) {
        msg.send(broker.frontend)?;
    }
    Ok(())
}

// And the main task now sets up child tasks, then starts its reactor. If you press Ctrl-C, the reactor exits and the
// main task shuts down.

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
    let workers = VecDeque::new();

    // Prepare reactor and fire it up
    let mut broker = LbBroker { frontend: &frontend, backend: &backend, workers, verbose };
    let mut reactor = ZLoop::new()?;
    reactor.set_verbose(verbose);
    reactor.reader(&backend, handle_backend)?;
    reactor.start(&mut broker)?;
    Ok(())
}
