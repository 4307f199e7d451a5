//! Simple Pirate worker: connects a REQ socket to tcp://localhost:5556, and implements the worker part of load-balancing.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed;

const WORKER_READY: &[u8] = b"\x01"; // Signals worker is ready

// A message that has not a REQ's envelope makes libzmq close the REQ's connection for good: the worker would wait for
// ever. A relaxed REQ tells: it can send at any time, unless it has no connection
const LOOK_INTERVAL: Duration = Duration::from_millis(1000);

fn worker_socket(ctx: &ZCtx, endpoint: &str) -> Result<(Socket<Req>, String)> {
    let worker = ctx.socket(Req)?;
    worker.set_req_relaxed(true)?;
    worker.set_sndtimeo(Some(Duration::ZERO))?;

    // Set random identity to make tracing easier
    let identity = format!("{:04X}-{:04X}", randof(0x10000), randof(0x10000));
    worker.set_identity(&identity)?;
    worker.connect(endpoint)?;

    // Tell broker we're ready for work
    println!("I: ({identity}) worker ready");
    ZFrame::new(WORKER_READY).send(&worker)?;

    Ok((worker, identity))
}

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--connect", "tcp://localhost:5556"), speed::OPTION]);
    let speed = args.speed();

    let ctx = ZCtx::new()?;
    let (mut worker, mut identity) = worker_socket(&ctx, &args["--connect"])?;

    let mut cycles = 0;
    // Until interrupted
    while let Ok(is_asked) = ZSocket::poll(&worker, Some(speed.of(LOOK_INTERVAL))) {
        if !is_asked {
            let mut items = [worker.poll_item(PollEvents::OUT)];
            if poll(&mut items, Some(Duration::ZERO)).is_ok() && !items[0].is_writable() {
                (worker, identity) = worker_socket(&ctx, &args["--connect"])?;
            }
            continue;
        }
        let Ok(msg) = ZMsg::recv_nowait(&worker) else {
            continue; // A REQ is readable by what is no request as well, and drops it
        };

        // Simulate various problems, after a few cycles
        cycles += 1;
        if cycles > 3 && randof(5) == 0 {
            println!("I: ({identity}) simulating a crash");
            break;
        } else if cycles > 3 && randof(5) == 0 {
            println!("I: ({identity}) simulating CPU overload");
            zclock::sleep(speed.of(Duration::from_secs(3)));
            if zsys::interrupted() {
                break;
            }
        }
        println!("I: ({identity}) normal reply");
        zclock::sleep(speed.of(Duration::from_secs(1))); // Do some heavy work
        worker.try_send_multipart(msg).ok(); // Where the connection is gone, the client asks again
    }
    Ok(())
}
