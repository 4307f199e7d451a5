//! Round-trip demonstrator. While this example runs in a single process, that is just to make it easier to start and stop
//! the example. The client task signals to main when it's ready.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::rate::calls_per_second;
use guide::speed;

// The Guide's sends all 100,000 before it reads. That ends only where the queues on the way, and the kernel's, hold them
// all: else each waits for the next to take what it has, and the first is this client.
const AT_ONCE: u64 = 1000;

fn client_task(
    (endpoint, synchronous, asynchronous, settle): (String, u64, u64, Duration),
    ctx: ZCtx,
    pipe: Socket<Pair>,
) -> Result<()> {
    let client = ctx.socket(Dealer)?;
    client.connect(&endpoint)?;
    println!("Setting up test...");
    zclock::sleep(settle);

    println!("Synchronous round-trip test...");
    let start = zclock::mono();
    for _requests in 0..synchronous {
        zstr::send(&client, "hello")?;
        zstr::recv(&client)?;
    }
    println!(" {} calls/second", calls_per_second(synchronous, start));

    println!("Asynchronous round-trip test...");
    let start = zclock::mono();
    let (mut sent, mut received) = (0, 0);
    while received < asynchronous {
        if sent < asynchronous && sent - received < AT_ONCE {
            zstr::send(&client, "hello")?;
            sent += 1;
        } else {
            zstr::recv(&client)?;
            received += 1;
        }
    }
    println!(" {} calls/second", calls_per_second(asynchronous, start));
    zstr::send(&pipe, "done")
}

// Here is the worker task. All it does is receive a message, and bounce it back the way it came:

fn worker_task(endpoint: &str) -> Result<()> {
    let ctx = ZCtx::new()?;
    let worker = ctx.socket(Dealer)?;
    worker.connect(endpoint)?;

    loop {
        let msg = ZMsg::recv(&worker)?; // Interrupted
        msg.send(&worker)?;
    }
}

// Here is the broker task. It uses the proxy function to switch messages between frontend and backend:

fn broker_task(frontend_endpoint: &str, backend_endpoint: &str) -> Result<()> {
    // Prepare our context and sockets
    let ctx = ZCtx::new()?;
    let frontend = ctx.socket(Dealer)?;
    frontend.bind(frontend_endpoint)?;
    let backend = ctx.socket(Dealer)?;
    backend.bind(backend_endpoint)?;
    proxy(&frontend, &backend)
}

// Finally, here's the main task, which starts the client, worker, and broker, and then runs until the client signals it to
// stop:

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--frontend", "tcp://*:5555"),
        ("--backend", "tcp://*:5556"),
        ("--client", "tcp://localhost:5555"),
        ("--worker", "tcp://localhost:5556"),
        ("--synchronous", "10000"),
        ("--asynchronous", "100000"),
        speed::OPTION,
    ]);
    let settle = args.speed().of(Duration::from_millis(100));
    let (synchronous, asynchronous) = (args.number("--synchronous"), args.number("--asynchronous"));
    let endpoint = |name: &str| args[name].to_owned();

    // Create threads
    let ctx = ZCtx::new()?;
    let client_args = (endpoint("--client"), synchronous, asynchronous, settle);
    let client = zthread::fork(&ctx, move |ctx, pipe| client_task(client_args, ctx, pipe))?;
    let worker = endpoint("--worker");
    let worker = zthread::fork(&ctx, move |_, _pipe| worker_task(&worker))?;
    let (frontend, backend) = (endpoint("--frontend"), endpoint("--backend"));
    let broker = zthread::fork(&ctx, move |_, _pipe| broker_task(&frontend, &backend))?;

    // Wait for signal on client pipe, or for one of the others to fail
    let tasks = [&client, &worker, &broker];
    let mut items = tasks.map(|task| task.poll_item(PollEvents::IN));
    let done = poll(&mut items, None).and_then(|_| {
        let mut ready = tasks.iter().zip(&items).filter(|(_, item)| item.is_readable());
        ready.try_for_each(|(task, _)| zstr::recv(task).map(drop))
    });
    match done {
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
        done => done,
    }
}
