//! Simple Pirate worker: connects a REQ socket to tcp://localhost:5556, and implements the worker part of load-balancing.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed;

const WORKER_READY: &[u8] = b"\x01"; // Signals worker is ready

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--connect", "tcp://localhost:5556"), speed::OPTION]);
    let speed = args.speed();

    let ctx = ZCtx::new()?;
    let worker = ctx.socket(Req)?;

    // Set random identity to make tracing easier
    let identity = format!("{:04X}-{:04X}", randof(0x10000), randof(0x10000));
    worker.set_identity(&identity)?;
    worker.connect(&args["--connect"])?;

    // Tell broker we're ready for work
    println!("I: ({identity}) worker ready");
    ZFrame::new(WORKER_READY).send(&worker)?;

    let mut cycles = 0;
    loop {
        let Ok(msg) = ZMsg::recv(&worker) else { break }; // Interrupted

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
        msg.send(&worker)?;
    }
    Ok(())
}
