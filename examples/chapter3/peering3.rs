//! Broker peering simulation (part 3): prototypes the full flow of status and tasks.
//!
//! The Guide's goes on sending tasks to a cluster that died, and lets those of peers wait for as long as there are local
//! ones. What this one has beside it, and says so, is there so that only those tasks are lost that were at a cluster
//! when it died.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed::{self, Speed};

const NBR_CLIENTS: usize = 10;
const NBR_WORKERS: usize = 5;
const WORKER_READY: &str = "\x01"; // Signals worker is ready

// This is the client task. It issues a burst of requests and then sleeps for a few seconds. This simulates sporadic
// activity; when a number of clients are active at once, the local workers should be overloaded. The client uses a REQ
// socket for requests and also pushes statistics to the monitor socket:

fn client_task(frontend: &str, monitor: &str, speed: Speed) -> Result<()> {
    let ctx = ZCtx::new()?;
    let client = ctx.socket(Req)?;
    client.connect(frontend)?;
    let statistics = ctx.socket(Push)?;
    statistics.connect(monitor)?;
    // Beside the Guide: what it says last goes out, though its context ends with it
    statistics.set_linger(Some(Duration::from_secs(1)))?;

    loop {
        zclock::sleep(speed.of(Duration::from_secs(randof(5))));
        for _burst in 0..randof(15) {
            let task_id = format!("{:04X}", randof(0x10000));

            // Send request with random hex ID
            zstr::send(&client, &task_id)?;

            // Wait max ten seconds for a reply, then complain
            let mut pollset = [client.poll_item(PollEvents::IN)];
            poll(&mut pollset, Some(speed.of(Duration::from_secs(10))))?;

            if pollset[0].is_readable() {
                let reply = zstr::recv(&client)?; // Interrupted
                // Worker is supposed to answer us with our task id
                if reply != task_id {
                    let complaint = format!("E: CLIENT EXIT - reply {reply} to task {task_id}");
                    return zstr::send(&statistics, complaint);
                }
                zstr::send(&statistics, reply)?;
            } else {
                return zstr::send(&statistics, format!("E: CLIENT EXIT - lost task {task_id}"));
            }
        }
    }
}

// This is the worker task, which uses a REQ socket to plug into the load-balancer. It's the same stub worker task that
// you've seen in other examples:

fn worker_task(endpoint: &str, speed: Speed) -> Result<()> {
    let ctx = ZCtx::new()?;
    let worker = ctx.socket(Req)?;
    worker.connect(endpoint)?;

    // Tell broker we're ready for work
    let frame = ZFrame::new(WORKER_READY);
    frame.send(&worker)?;

    // Process messages as they arrive
    loop {
        let msg = ZMsg::recv(&worker)?; // Interrupted

        // Workers are busy for 0/1 seconds
        zclock::sleep(speed.of(Duration::from_secs(randof(2))));
        msg.send(&worker)?;
    }
}

// The main task begins by setting up all its sockets. The local frontend talks to clients, and our local backend talks
// to workers. The cloud frontend talks to peer brokers as if they were clients, and the cloud backend talks to peer
// brokers as if they were workers. The state backend publishes regular state messages, and the state frontend
// subscribes to all state backends to collect these messages. Finally, we use a PULL monitor socket to collect
// printable messages from tasks:

pub(crate) fn main() -> Result<()> {
    // First argument is this broker's name
    // Other arguments are our peers' names
    let args = guide::args(&[
        ("me", ""),
        ("you...", ""),
        ("--folder", "."),
        ("--verbose", ""),
        speed::OPTION,
    ]);
    let (me, peers) = (&args["me"], args.rest("you..."));
    let (verbose, speed) = (args.is_set("--verbose"), args.speed());
    let endpoint = |name: &str, flow| format!("ipc://{}/{name}-{flow}.ipc", &args["--folder"]);
    println!("I: preparing broker at {me}...");

    // Prepare local frontend and backend
    let ctx = ZCtx::new()?;
    let localfe = ctx.socket(Router)?;
    localfe.bind(endpoint(me, "localfe"))?;

    let localbe = ctx.socket(Router)?;
    localbe.bind(endpoint(me, "localbe"))?;

    // Bind cloud frontend to endpoint
    let cloudfe = ctx.socket(Router)?;
    cloudfe.set_identity(me)?;
    // Beside the Guide: a peer that comes back has its name again at once, though the end of its earlier connection was
    // not noticed yet. Without this its tasks would be ignored
    cloudfe.set_router_handover(true)?;
    cloudfe.bind(endpoint(me, "cloud"))?;

    // Connect cloud backend to all peers
    let cloudbe = ctx.socket(Router)?;
    cloudbe.set_identity(me)?;
    cloudbe.set_router_handover(true)?;
    // Beside the Guide: a task for a peer that is not there is neither dropped, as before the first connection, nor kept
    // until that peer is back, as after it. Sending it fails, and it goes elsewhere
    cloudbe.set_router_mandatory(true)?;
    cloudbe.set_immediate(true)?;
    for peer in &peers {
        println!("I: connecting to cloud frontend at '{peer}'");
        cloudbe.connect(endpoint(peer, "cloud"))?;
    }

    // Bind state backend to endpoint
    let statebe = ctx.socket(Pub)?;
    statebe.bind(endpoint(me, "state"))?;

    // Connect state frontend to all peers
    let statefe = ctx.socket(Sub)?;
    statefe.subscribe("")?;
    for peer in &peers {
        println!("I: connecting to state backend at '{peer}'");
        statefe.connect(endpoint(peer, "state"))?;
    }

    // Prepare monitor socket
    let monitor = ctx.socket(Pull)?;
    monitor.bind(endpoint(me, "monitor"))?;

    // After binding and connecting all our sockets, we start our child tasks - workers and clients:

    for _worker_nbr in 0..NBR_WORKERS {
        let endpoint = endpoint(me, "localbe");
        zthread::spawn_detached(move || worker_task(&endpoint, speed))?;
    }

    // Start local clients
    for _client_nbr in 0..NBR_CLIENTS {
        let (frontend, monitor) = (endpoint(me, "localfe"), endpoint(me, "monitor"));
        zthread::spawn_detached(move || client_task(&frontend, &monitor, speed))?;
    }

    // Queue of available workers, whose length is the local capacity
    let mut workers: VecDeque<ZFrame> = VecDeque::new();
    // What any of the peers said last, as in the Guide: enough to know whether to ask the cloud
    let mut cloud_capacity: usize = 0;
    // Beside the Guide: a task that came back from a peer that is not there
    let mut waiting: Option<ZMsg> = None;

    // The main loop has two parts. First, we poll workers and our two service sockets (statefe and monitor), in any
    // case. If we have no ready workers, then there's no point in looking at incoming requests. These can remain on
    // their internal 0MQ queues:

    loop {
        let mut primary = [
            localbe.poll_item(PollEvents::IN),
            cloudbe.poll_item(PollEvents::IN),
            statefe.poll_item(PollEvents::IN),
            monitor.poll_item(PollEvents::IN),
        ];
        // If we have no workers ready, wait indefinitely
        let timeout = (!workers.is_empty()).then_some(speed.of(Duration::from_secs(1)));
        if poll(&mut primary, timeout).is_err() {
            break; // Interrupted
        }

        // Track if capacity changes during this iteration
        let previous = workers.len();
        let mut reply = None;

        // Handle reply from local worker
        if primary[0].is_readable() {
            let Ok(mut msg) = ZMsg::recv(&localbe) else { break }; // Interrupted
            workers.extend(msg.unwrap());

            // If it's READY, don't route the message any further
            if msg.first().is_some_and(|frame| !frame.streq(WORKER_READY)) {
                reply = Some(msg);
            }
        }
        // Or handle reply from peer broker
        else if primary[1].is_readable() {
            let Ok(mut msg) = ZMsg::recv(&cloudbe) else { break }; // Interrupted
            // We don't use peer broker identity for anything else
            let peer = msg.unwrap();
            if let (true, Some(peer), Some(task)) = (verbose, peer, msg.last()) {
                println!("Cloud: {} back from {}", task.strdup(), peer.strdup());
            }
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

        // If we have input messages on our statefe or monitor sockets, we can process these immediately:
        if primary[2].is_readable() {
            let Ok([_peer, status]) = zstr::recvx(&statefe) else { break }; // Interrupted
            cloud_capacity = status.and_then(|status| status.parse().ok()).unwrap_or(0);
        }
        if primary[3].is_readable() {
            let Ok(status) = zstr::recv(&monitor) else { break }; // Interrupted
            println!("{status}");
        }

        // Now route as many clients requests as we can handle. If we have local capacity, we poll both localfe and
        // cloudfe. If we have cloud capacity only, we poll just localfe. We route any request locally if we can, else
        // we route to the cloud.
        while !workers.is_empty() || cloud_capacity > 0 {
            let mut secondary =
                [localfe.poll_item(PollEvents::IN), cloudfe.poll_item(PollEvents::IN)];
            let polled = if workers.is_empty() { 1 } else { 2 };
            if poll(&mut secondary[..polled], Some(Duration::ZERO)).is_err() {
                break; // Interrupted
            }
            let mut msg = if let Some(msg) = waiting.take() {
                msg
            } else if secondary[1].is_readable() {
                // Beside the Guide, but as in peering2: peer brokers first, to prevent starvation
                let Ok(msg) = ZMsg::recv(&cloudfe) else { break }; // Interrupted
                if let (true, Some(task)) = (verbose, msg.last()) {
                    println!("Cloud: {} from {}", task.strdup(), msg[0].strdup());
                }
                msg
            } else if secondary[0].is_readable() {
                let Ok(msg) = ZMsg::recv(&localfe) else { break }; // Interrupted
                msg
            } else {
                break; // No work, go back to primary
            };

            if let Some(worker) = workers.pop_front() {
                msg.wrap(worker);
                msg.send(&localbe)?;
            } else {
                // Route to random broker peer
                let peer = peers[randof(peers.len())];
                let task = msg.last().map(ZFrame::strdup).unwrap_or_default();
                msg.pushstr(peer);
                match msg.send(&cloudbe) {
                    Ok(()) if verbose => println!("Cloud: {task} to {peer}"),
                    Ok(()) => {}
                    // The capacity that we know of may be that peer's: the task waits for news, or for a worker here
                    Err(error) if error.kind() == ErrorKind::HostUnreachable => {
                        let mut msg = error.into_message();
                        msg.pop();
                        waiting = Some(msg);
                        cloud_capacity = 0;
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        // We broadcast capacity messages to other peers; to reduce chatter, we do this only if our capacity changed.
        if workers.len() != previous {
            // We stick our own identity onto the envelope
            zstr::sendm(&statebe, me)?;
            // Broadcast new capacity
            zstr::send(&statebe, format!("{}", workers.len()))?;
        }
    }
    Ok(())
}
