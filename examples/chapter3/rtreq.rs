//! ROUTER-to-REQ example.

use std::thread;

use guide::zhelpers::{join, randof, s_clock, s_set_id, s_sleep};
use zmqx::{Context, Req, Result, Router};

const NBR_WORKERS: usize = 10;

fn worker_task(endpoint: &str, longest: u32) -> Result<()> {
    let context = Context::new()?;
    let worker = context.socket(Req)?;
    s_set_id(&worker)?; // Set a printable identity
    worker.connect(endpoint)?;

    let mut total = 0;
    loop {
        // Tell the broker we're ready for work
        worker.send("Hi Boss")?;

        // Get workload from broker, until finished
        let workload = worker.recv()?;
        if workload == "Fired!" {
            println!("Completed: {total} tasks");
            break;
        }
        total += 1;

        // Do some random work
        s_sleep(u64::from(randof(longest) + 1));
    }
    Ok(())
}

// That all of this is one process only makes it easier to start and stop. Each thread has a context of its own, as if
// it were a process of its own.

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--bind", "tcp://*:5671"),
        ("--connect", "tcp://localhost:5671"),
        ("--run", "5s"),
        ("--longest", "500"),
    ]);

    let context = Context::new()?;
    let broker = context.socket(Router)?;
    broker.bind(&args["--bind"])?;

    let mut workers = Vec::new();
    for _worker_nbr in 0..NBR_WORKERS {
        let (endpoint, longest) = (args["--connect"].to_owned(), args.number("--longest"));
        workers.push(thread::spawn(move || worker_task(&endpoint, longest)));
    }
    // Run for five seconds and then tell workers to end
    let end_time = s_clock() + args.duration("--run").as_millis();
    let mut workers_fired = 0;
    while workers_fired < NBR_WORKERS {
        // Next message gives us least recently used worker
        let message = broker.recv_multipart()?;
        let [identity, _delimiter, _response] = &message[..] else {
            continue; // Not from a worker
        };
        broker.send_more(&identity[..])?;
        broker.send_more("")?; // Envelope delimiter

        // Encourage workers until it's time to fire them
        if s_clock() < end_time {
            broker.send("Work harder")?;
        } else {
            broker.send("Fired!")?;
            workers_fired += 1;
        }
    }
    // Let them say what they completed
    for worker in workers {
        join(worker)?;
    }
    Ok(())
}
