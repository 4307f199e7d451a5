//! Load-balancing broker: clients and workers are shown here in-process.

use std::collections::VecDeque;
use std::thread;

use guide::zhelpers::{join, s_set_id};
use zmqx::{Context, Message, PollEvents, Req, Result, Router, poll};

const NBR_CLIENTS: usize = 10;
const NBR_WORKERS: usize = 3;

// Basic request-reply client using REQ socket
fn client_task(endpoint: &str) -> Result<()> {
    let context = Context::new()?;
    let client = context.socket(Req)?;
    s_set_id(&client)?; // Set a printable identity
    client.connect(endpoint)?;

    // Send request, get reply
    client.send("HELLO")?;
    let reply = client.recv()?;
    println!("Client: {}", reply.to_string_lossy());
    Ok(())
}

// That all of this is one process only makes it easier to start and stop. Each thread has a context of its own, as if
// it were a process of its own.

// This is the worker task, using a REQ socket to do load-balancing.
fn worker_task(endpoint: &str) -> Result<()> {
    let context = Context::new()?;
    let worker = context.socket(Req)?;
    s_set_id(&worker)?; // Set a printable identity
    worker.connect(endpoint)?;

    // Tell broker we're ready for work
    worker.send("READY")?;

    loop {
        // The request comes behind its envelope, the client's identity and an empty frame, which could be longer
        let mut message = worker.recv_multipart()?;
        let request = message.pop_back().unwrap_or_default();
        println!("Worker: {}", request.to_string_lossy());

        // Send the reply behind the same envelope
        message.push_back("OK");
        worker.send_multipart(message)?;
    }
}

// The main task starts the clients and the workers, and hands messages on between them. A worker is available once it
// has said READY, and again with each reply. The data structure for all that is a queue of the available workers.

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--frontend", "ipc://frontend.ipc"),
        ("--backend", "ipc://backend.ipc"),
        ("--verbose", ""),
    ]);
    let verbose = args.is_set("--verbose");

    // Prepare our context and sockets
    let context = Context::new()?;
    let frontend = context.socket(Router)?;
    let backend = context.socket(Router)?;
    frontend.bind(&args["--frontend"])?;
    backend.bind(&args["--backend"])?;

    let mut clients = Vec::new();
    for _client_nbr in 0..NBR_CLIENTS {
        let endpoint = args["--frontend"].to_owned();
        clients.push(thread::spawn(move || client_task(&endpoint)));
    }
    for _worker_nbr in 0..NBR_WORKERS {
        let endpoint = args["--backend"].to_owned();
        thread::spawn(move || worker_task(&endpoint));
    }

    // The load balancing: the backend is always polled, the frontend only while a worker is available. Requests that
    // nobody can work on yet stay in 0MQ's own queues. A request goes to the worker that has waited longest, behind
    // that worker's identity and with its client's; the reply brings the client's identity back, and makes the worker
    // available again.

    // Queue of available workers
    let mut worker_queue: VecDeque<Message> = VecDeque::new();

    let mut client_nbr = NBR_CLIENTS;
    while client_nbr > 0 {
        let mut items = [backend.poll_item(PollEvents::IN), frontend.poll_item(PollEvents::IN)];
        // Poll frontend only if we have available workers
        let available = if worker_queue.is_empty() { 1 } else { 2 };
        poll(&mut items[..available], None)?;

        // Handle worker activity on backend
        if items[0].is_readable() {
            let mut message = backend.recv_multipart()?;
            // The first frame is the worker's identity, the second is empty; queue it for load-balancing
            let (Some(worker_id), Some(_empty)) = (message.pop_front(), message.pop_front()) else {
                continue; // Not from a worker
            };
            if verbose {
                println!("Ready: {}", worker_id.to_string_lossy());
            }
            worker_queue.push_back(worker_id);

            // The third frame is READY or else a client's identity; if a client reply, send the rest back to frontend
            if message.len() == 3 {
                frontend.send_multipart(message)?;
                client_nbr -= 1; // Exit after N messages
            }
        }
        // Here is how we handle a client request
        if items[1].is_readable() {
            // Route the next request to the least recently used worker. It is [identity][empty][request]
            let message = frontend.recv_multipart()?;
            let [client_id, empty, request] = &message[..] else {
                continue; // Not from a client
            };
            let Some(worker_id) = worker_queue.pop_front() else {
                continue; // Not so: the frontend is polled only with a worker ready
            };
            if verbose {
                println!("Routed: {}", worker_id.to_string_lossy());
            }
            backend.send_more(worker_id)?;
            backend.send_more("")?;
            backend.send_more(&client_id[..])?;
            backend.send_more(&empty[..])?;
            backend.send(&request[..])?;
        }
    }
    // Let them say what they received
    for client in clients {
        join(client)?;
    }
    Ok(())
}
