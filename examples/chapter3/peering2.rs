//! Broker peering simulation (part 2): prototypes the request-reply flow.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed::{self, Speed};
use guide::stdin::getchar;
use guide::zhelpers::flush;

const NBR_CLIENTS: usize = 10;
const NBR_WORKERS: usize = 3;
const WORKER_READY: &str = "\x01"; // Signals worker is ready

// The client task does a request-reply dialog using a standard synchronous REQ socket:

fn client_task(endpoint: &str, speed: Speed) -> Result<()> {
    let ctx = ZCtx::new()?;
    let client = ctx.socket(Req)?;
    client.connect(endpoint)?;

    loop {
        // Send request, get reply
        zstr::send(&client, "HELLO")?;
        let reply = zstr::recv(&client)?; // Interrupted
        println!("Client: {reply}");
        zclock::sleep(speed.of(Duration::from_secs(1)));
    }
}

// The worker task plugs into the load-balancer using a REQ socket:

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
            frame.print("Worker: ");
            frame.reset("OK");
        }
        msg.send(&worker)?;
    }
}

// The main task begins by setting-up its frontend and backend sockets and then starting its client and worker tasks:

pub(crate) fn main() -> Result<()> {
    // First argument is this broker's name
    // Other arguments are our peers' names
    let args = guide::args(&[
        ("me", ""),
        ("you...", ""),
        ("--folder", "."),
        ("--rerouted", "20"),
        ("--verbose", ""),
        speed::OPTION,
    ]);
    let (me, peers) = (&args["me"], args.rest("you..."));
    let (rerouted, verbose) = (args.number::<u32>("--rerouted"), args.is_set("--verbose"));
    let speed = args.speed();
    let endpoint = |name: &str, flow| format!("ipc://{}/{name}-{flow}.ipc", &args["--folder"]);
    println!("I: preparing broker at {me}...");

    let ctx = ZCtx::new()?;

    // Bind cloud frontend to endpoint
    let cloudfe = ctx.socket(Router)?;
    cloudfe.set_identity(me)?;
    cloudfe.bind(endpoint(me, "cloud"))?;

    // Connect cloud backend to all peers
    let cloudbe = ctx.socket(Router)?;
    cloudbe.set_identity(me)?;
    // Unlike in the Guide, a request for a peer that is not there is not dropped: sending it fails
    cloudbe.set_router_mandatory(true)?;
    for peer in &peers {
        println!("I: connecting to cloud frontend at '{peer}'");
        cloudbe.connect(endpoint(peer, "cloud"))?;
    }

    // Prepare local frontend and backend
    let localfe = ctx.socket(Router)?;
    localfe.bind(endpoint(me, "localfe"))?;
    let localbe = ctx.socket(Router)?;
    localbe.bind(endpoint(me, "localbe"))?;

    // Get user to tell us when we can start...
    print!("Press Enter when all brokers are started: ");
    flush();
    getchar();

    // Start local workers
    for _worker_nbr in 0..NBR_WORKERS {
        let endpoint = endpoint(me, "localbe");
        zthread::spawn_detached(move || worker_task(&endpoint))?;
    }
    // Start local clients
    for _client_nbr in 0..NBR_CLIENTS {
        let endpoint = endpoint(me, "localfe");
        zthread::spawn_detached(move || client_task(&endpoint, speed))?;
    }

    // Here, we handle the request-reply flow. We're using load-balancing to poll workers at all times, and clients only
    // when there are one or more workers available.

    // Least recently used queue of available workers
    let mut workers: VecDeque<ZFrame> = VecDeque::new();

    loop {
        // First, route any waiting replies from workers
        let mut backends = [localbe.poll_item(PollEvents::IN), cloudbe.poll_item(PollEvents::IN)];
        // If we have no workers, wait indefinitely
        let timeout = (!workers.is_empty()).then_some(speed.of(Duration::from_secs(1)));
        if poll(&mut backends, timeout).is_err() {
            break; // Interrupted
        }

        // Handle reply from local worker
        let mut reply = None;
        if backends[0].is_readable() {
            let Ok(mut msg) = ZMsg::recv(&localbe) else { break }; // Interrupted
            workers.extend(msg.unwrap());

            // If it's READY, don't route the message any further
            if msg.first().is_some_and(|frame| !frame.streq(WORKER_READY)) {
                reply = Some(msg);
            }
        }
        // Or handle reply from peer broker
        else if backends[1].is_readable() {
            let Ok(mut msg) = ZMsg::recv(&cloudbe) else { break }; // Interrupted
            // We don't use peer broker identity for anything
            msg.unwrap();
            reply = (msg.size() > 0).then_some(msg);
        }
        if let Some(msg) = reply {
            // Route reply to cloud if it's addressed to a broker
            if peers.iter().any(|peer| msg[0].streq(peer)) {
                msg.send(&cloudfe)?;
            }
            // Route reply to client if we still need to
            else {
                msg.send(&localfe)?;
            }
        }

        // Now we route as many client requests as we have worker capacity for. We may reroute requests from our local
        // frontend, but not from the cloud frontend. We reroute randomly now, just to test things out. In the next
        // version, we'll do this properly by calculating cloud capacity:

        while !workers.is_empty() {
            let mut frontends =
                [localfe.poll_item(PollEvents::IN), cloudfe.poll_item(PollEvents::IN)];
            if poll(&mut frontends, Some(Duration::ZERO)).is_err() {
                break; // Interrupted
            }
            // We'll do peer brokers first, to prevent starvation
            let (source, received, reroutable) = if frontends[1].is_readable() {
                ("cloudfe", ZMsg::recv(&cloudfe), false)
            } else if frontends[0].is_readable() {
                ("localfe", ZMsg::recv(&localfe), true)
            } else {
                break; // No work, go back to backends
            };
            let Ok(mut msg) = received else { break }; // Interrupted

            // If reroutable, send to cloud 20% of the time
            // Here we'd normally use cloud status information
            if reroutable && !peers.is_empty() && randof(100) < rerouted {
                // Route to random broker peer
                let peer = peers[randof(peers.len())];
                msg.pushstr(peer);
                match msg.send(&cloudbe) {
                    Ok(()) => {
                        if verbose {
                            println!("Routed: {source} -> {peer}");
                        }
                        continue;
                    }
                    // The peer is not there: the request is for a worker of our own
                    Err(error) if error.kind() == ErrorKind::HostUnreachable => {
                        msg = error.into_message();
                        msg.pop();
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            let Some(worker) = workers.pop_front() else {
                break; // Not so: we are here with a worker ready
            };
            msg.wrap(worker);
            msg.send(&localbe)?;
            if verbose {
                println!("Routed: {source} -> localbe");
            }
        }
    }
    Ok(())
}
