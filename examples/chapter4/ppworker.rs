//! Paranoid Pirate worker.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed;

const HEARTBEAT_LIVENESS: usize = 3; // 3-5 is reasonable
const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(1000);
const INTERVAL_INIT: Duration = Duration::from_millis(1000); // Initial reconnect
const INTERVAL_MAX: Duration = Duration::from_millis(32000); // After exponential backoff

// Paranoid Pirate Protocol constants
const PPP_READY: &[u8] = b"\x01"; // Signals worker is ready
const PPP_HEARTBEAT: &[u8] = b"\x02"; // Signals worker heartbeat

// Helper function that returns a new configured socket connected to the Paranoid Pirate queue
fn worker_socket(ctx: &ZCtx, endpoint: &str) -> Result<Socket<Dealer>> {
    let worker = ctx.socket(Dealer)?;
    worker.connect(endpoint)?;

    // Tell queue we're ready for work
    println!("I: worker ready");
    ZFrame::new(PPP_READY).send(&worker)?;

    Ok(worker)
}

// We have a single task that implements the worker side of the Paranoid Pirate Protocol (PPP). The interesting parts
// here are the heartbeating, which lets the worker detect if the queue has died, and vice versa:

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--connect", "tcp://localhost:5556"), speed::OPTION]);
    let speed = args.speed();
    let heartbeat_interval = speed.of(HEARTBEAT_INTERVAL);

    let ctx = ZCtx::new()?;
    let mut worker = worker_socket(&ctx, &args["--connect"])?;

    // If liveness hits zero, queue is considered disconnected
    let mut liveness = HEARTBEAT_LIVENESS;
    let mut interval = INTERVAL_INIT;

    // Send out heartbeats at regular intervals
    let mut heartbeat_at = zclock::mono() + heartbeat_interval;

    let mut cycles = 0;
    loop {
        let mut items = [worker.poll_item(PollEvents::IN)];
        if poll(&mut items, Some(heartbeat_interval)).is_err() {
            break; // Interrupted
        }
        if items[0].is_readable() {
            // Get message
            // - 3-part envelope + content -> request; the content may have several parts
            // - 1-part HEARTBEAT -> heartbeat
            let Ok(msg) = ZMsg::recv(&worker) else { break }; // Interrupted

            // To test the robustness of the queue implementation we simulate various typical problems, such as the
            // worker crashing or running very slowly. We do this after a few cycles so that the architecture can get up
            // and running first:
            if msg.size() >= 3 {
                cycles += 1;
                if cycles > 3 && randof(5) == 0 {
                    println!("I: simulating a crash");
                    break;
                } else if cycles > 3 && randof(5) == 0 {
                    println!("I: simulating CPU overload");
                    zclock::sleep(speed.of(Duration::from_secs(3)));
                    if zsys::interrupted() {
                        break;
                    }
                }
                println!("I: normal reply");
                msg.send(&worker)?;
                zclock::sleep(speed.of(Duration::from_secs(1))); // Do some heavy work
                if zsys::interrupted() {
                    break;
                }
            } else if msg.size() != 1 || msg.first().is_none_or(|frame| frame != PPP_HEARTBEAT) {
                println!("E: invalid message");
                msg.dump();
            }
            // When we get any message from the queue, it means the queue was (recently) alive, so we must reset our
            // liveness indicator:
            liveness = HEARTBEAT_LIVENESS;
            interval = INTERVAL_INIT;
        } else {
            // If the queue hasn't sent us heartbeats in a while, destroy the socket and reconnect. This is the simplest
            // most brutal way of discarding any messages we might have sent in the meantime:
            liveness -= 1;
            if liveness == 0 {
                println!("W: heartbeat failure, can't reach queue");
                println!("W: reconnecting in {} msec...", interval.as_millis());
                zclock::sleep(speed.of(interval));

                if interval < INTERVAL_MAX {
                    interval *= 2;
                }
                worker = worker_socket(&ctx, &args["--connect"])?;
                liveness = HEARTBEAT_LIVENESS;
            }
        }
        // Send heartbeat to queue if it's time
        if zclock::mono() > heartbeat_at {
            heartbeat_at = zclock::mono() + heartbeat_interval;
            println!("I: worker heartbeat");
            ZFrame::new(PPP_HEARTBEAT).send(&worker)?;
        }
    }
    Ok(())
}
