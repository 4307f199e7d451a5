//! Multithreaded Hello World server.

use std::thread;
use std::thread::sleep;
use std::time::Duration;

use zmqx::{Context, Dealer, Rep, Result, Router, proxy};

fn worker_routine(context: &Context) -> Result<()> {
    // Socket to talk to dispatcher
    let receiver = context.socket(Rep)?;
    receiver.connect("inproc://workers")?;

    loop {
        // An error, as when the context is terminated, ends the worker
        let request = receiver.recv_multipart()?;
        println!("Received request: [{}]", request[0].to_string_lossy());
        // Do some 'work'
        sleep(Duration::from_secs(1));
        // Send reply back to client
        receiver.send("World")?;
    }
}

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--bind", "tcp://*:5555")]);

    let context = Context::new()?;

    // Socket to talk to clients
    let clients = context.socket(Router)?;
    clients.bind(&args["--bind"])?;

    // Socket to talk to workers
    let workers = context.socket(Dealer)?;
    workers.bind("inproc://workers")?;

    // Launch pool of worker threads: only the context is theirs too, each has a socket of its own
    for _thread_nbr in 0..5 {
        let context = context.clone();
        thread::spawn(move || worker_routine(&context));
    }
    // Connect work threads to client threads via a queue proxy
    proxy(&clients, &workers)
}
