//! Paranoid Pirate queue.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed::{self, Speed};

const HEARTBEAT_LIVENESS: u32 = 3; // 3-5 is reasonable
const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(1000);

// Paranoid Pirate Protocol constants
const PPP_READY: &[u8] = b"\x01"; // Signals worker is ready
const PPP_HEARTBEAT: &[u8] = b"\x02"; // Signals worker heartbeat

// Here we define the worker class; a structure and a set of functions that act as constructor and methods on worker
// objects:

struct Worker {
    identity: ZFrame, // Identity of worker
    expiry: Duration, // Expires at this time
}

impl Worker {
    // Construct new worker
    fn new(identity: ZFrame, speed: Speed) -> Self {
        let expiry = zclock::mono() + speed.of(HEARTBEAT_INTERVAL * HEARTBEAT_LIVENESS);
        Self { identity, expiry }
    }

    // The ready method puts a worker to the end of the ready list:
    fn ready(self, workers: &mut VecDeque<Self>) {
        workers.retain(|worker| worker.identity != self.identity);
        workers.push_back(self);
    }
}

// The next function returns the next available worker identity:
fn workers_next(workers: &mut VecDeque<Worker>) -> Option<ZFrame> {
    workers.pop_front().map(|worker| worker.identity)
}

// The purge function looks for and kills expired workers. We hold workers from oldest to most recent, so we stop at the
// first alive worker:
fn workers_purge(workers: &mut VecDeque<Worker>) {
    while workers.front().is_some_and(|worker| zclock::mono() >= worker.expiry) {
        workers.pop_front();
    }
}

// libzmq gives clients the same identities in each life of a queue, one after the other. So that a worker's late reply
// does not go to another client of a queue that was started again, workers get an address of this life's: its mark, and
// the client's identity behind it. To them it is an address like any other.

fn address_of(client: &ZFrame, life: &[u8]) -> ZFrame {
    ZFrame::new([life, client.data()].concat())
}

fn client_of(address: &ZFrame, life: &[u8]) -> Option<ZFrame> {
    address.data().strip_prefix(life).map(ZFrame::new)
}

// The main task is a load-balancer with heartbeating on workers so we can detect crashed or blocked worker tasks:

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--frontend", "tcp://*:5555"),
        ("--backend", "tcp://*:5556"),
        speed::OPTION,
    ]);
    let speed = args.speed();
    let heartbeat_interval = speed.of(HEARTBEAT_INTERVAL);

    let ctx = ZCtx::new()?;
    let frontend = ctx.socket(Router)?;
    let backend = ctx.socket(Router)?;
    frontend.bind(&args["--frontend"])?; // For clients
    backend.bind(&args["--backend"])?; // For workers

    // Marks this life of the queue
    let life = randof(u64::MAX).to_be_bytes();

    // List of available workers
    let mut workers: VecDeque<Worker> = VecDeque::new();

    // Send out heartbeats at regular intervals
    let mut heartbeat_at = zclock::mono() + heartbeat_interval;

    loop {
        let mut items = [backend.poll_item(PollEvents::IN), frontend.poll_item(PollEvents::IN)];
        // Poll frontend only if we have available workers
        let available = if workers.is_empty() { 1 } else { 2 };
        if poll(&mut items[..available], Some(heartbeat_interval)).is_err() {
            break; // Interrupted
        }
        // Handle worker activity on backend
        if items[0].is_readable() {
            // The worker's identity comes first
            let Ok(mut msg) = ZMsg::recv(&backend) else { break }; // Interrupted
            let Some(identity) = msg.unwrap() else { continue };

            // Validate control message, or return reply to client
            let is_control = |frame: &ZFrame| frame == PPP_READY || frame == PPP_HEARTBEAT;
            if msg.size() > 2 {
                if let Some(client) = msg.pop().and_then(|address| client_of(&address, &life)) {
                    msg.push(client);
                    msg.send(&frontend)?;
                }
            } else if msg.size() != 1 || !msg.first().is_some_and(is_control) {
                println!("E: invalid message from worker");
                msg.dump();
                continue;
            }
            // Any sign of life from worker means it's ready; use its identity for load-balancing
            Worker::new(identity, speed).ready(&mut workers);
        }
        if items[1].is_readable() {
            // Now get next client request, route to next worker
            let Ok(mut msg) = ZMsg::recv(&frontend) else { break }; // Interrupted
            if let (Some(client), Some(worker)) = (msg.pop(), workers_next(&mut workers)) {
                msg.push(address_of(&client, &life));
                msg.push(worker);
                msg.send(&backend)?;
            }
        }
        // We handle heartbeating after any socket activity. First, we send heartbeats to any idle workers if it's time.
        // Then, we purge any dead workers:
        if zclock::mono() >= heartbeat_at {
            for worker in &workers {
                worker.identity.dup().send_more(&backend)?;
                ZFrame::new(PPP_HEARTBEAT).send(&backend)?;
            }
            heartbeat_at = zclock::mono() + heartbeat_interval;
        }
        workers_purge(&mut workers);
    }
    Ok(())
}
