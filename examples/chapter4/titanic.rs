//! Titanic service: keeps requests on disk until they are answered. It implements the server side of
//! https://rfc.zeromq.org/spec/9/.

use std::sync::Arc;

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::mdcliapi::MdCli;
use guide::mdp::service_name;
use guide::mdwrkapi::MdWrk;
use guide::speed::{self, Speed};
use guide::titanic::{Found, Queue, Store, parse_uuid, uuid_text};

const HEARTBEAT: Duration = Duration::from_millis(2500);
const RECONNECT: Duration = Duration::from_millis(2500);
const DISPATCH: Duration = Duration::from_millis(1000);
const TIMEOUT: Duration = Duration::from_millis(1000);

/// What the tasks have in common.
#[derive(Clone)]
struct Titanic {
    broker: String,
    speed: Speed,
    store: Arc<Store>,
}

impl Titanic {
    fn worker(&self, service: &str) -> Result<MdWrk> {
        let mut worker = MdWrk::new(&self.broker, service, false)?;
        worker.set_heartbeat(self.speed.of(HEARTBEAT));
        worker.set_reconnect(self.speed.of(RECONNECT));
        Ok(worker)
    }
}

// The server cannot do it for now, and says why only to its own log
fn server_error(error: czmq_like::Error) -> ZMsg {
    zsys::error(format!("titanic: {error}"));
    ZMsg::from(["500"])
}

// The titanic.request task waits for requests to this service. It writes each request to disk and returns a UUID to the
// client. The client picks up the reply asynchronously using the titanic.reply service:

fn titanic_request(titanic: &Titanic, pipe: &Socket<Pair>) -> Result<()> {
    let mut worker = titanic.worker("titanic.request")?;
    let mut reply = None;
    loop {
        // Send reply if it's not null, and then get next request from broker
        let request = worker.recv(reply)?; // Interrupted, exit

        // Service name and body
        let is_request = request.size() >= 2 && service_name(&request[0]).is_some();
        // Generate UUID and save message to disk
        reply = Some(match is_request.then(|| titanic.store.accept(&request)) {
            Some(Ok(uuid)) => {
                // Send UUID through to message queue
                zstr::send(pipe, uuid_text(uuid))?;
                // Now send UUID back to client
                ZMsg::from(["200", &uuid_text(uuid)])
            }
            Some(Err(error)) => server_error(error),
            None => ZMsg::from(["400"]),
        });
    }
}

// The titanic.reply task checks if there's a reply for the specified request (by UUID), and returns a 200 OK, 300 Pending,
// or 400 Unknown accordingly:

fn titanic_reply(titanic: &Titanic) -> Result<()> {
    let mut worker = titanic.worker("titanic.reply")?;
    let mut reply = None;
    loop {
        let request = worker.recv(reply)?; // Interrupted, exit

        let uuid = request.first().and_then(parse_uuid);
        let found = uuid.map_or(Ok(Found::Unknown), |uuid| titanic.store.reply(uuid));
        reply = Some(match found {
            Ok(Found::Reply(mut msg)) => {
                msg.pushstr("200");
                msg
            }
            Ok(Found::Pending) => ZMsg::from(["300"]),
            Ok(Found::Unknown) => ZMsg::from(["400"]),
            Err(error) => server_error(error),
        });
    }
}

// The titanic.close task removes any waiting replies for the request (specified by UUID). It's idempotent, so safe to call
// more than once in a row:

fn titanic_close(titanic: &Titanic) -> Result<()> {
    let mut worker = titanic.worker("titanic.close")?;
    let mut reply = None;
    loop {
        let request = worker.recv(reply)?; // Interrupted, exit

        let uuid = request.first().and_then(parse_uuid);
        reply = Some(match uuid.map_or(Ok(()), |uuid| titanic.store.close(uuid)) {
            Ok(()) => ZMsg::from(["200"]),
            Err(error) => server_error(error),
        });
    }
}

// This is the main thread for the Titanic worker. It starts three child threads; for the request, reply, and close
// services. It then dispatches requests to workers using a simple brute-force disk queue. It receives request UUIDs from
// the titanic.request service, saves these to a disk file, and then throws each request at MDP workers until it gets a
// response:

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--broker", "tcp://localhost:5555"),
        ("--folder", ".titanic"),
        speed::OPTION,
        ("-v, --verbose", ""),
    ]);
    let verbose = args.is_set("--verbose");

    // Ensure message directory exists
    let store = Arc::new(Store::open(&args["--folder"])?);
    let mut queue = Queue::open(&store)?;
    let titanic = Titanic { broker: args["--broker"].to_owned(), speed: args.speed(), store };

    let ctx = ZCtx::new()?;
    let (request, reply, close) = (titanic.clone(), titanic.clone(), titanic.clone());
    let request_pipe = zthread::fork(&ctx, move |_, pipe| titanic_request(&request, &pipe))?;
    // Nothing comes on these two, except how their tasks fail
    let reply_pipe = zthread::fork(&ctx, move |_, _pipe| titanic_reply(&reply))?;
    let close_pipe = zthread::fork(&ctx, move |_, _pipe| titanic_close(&close))?;

    // Create MDP client session with short timeout
    let mut client = MdCli::new(&titanic.broker, false)?;
    client.set_timeout(titanic.speed.of(TIMEOUT)); // 1 sec
    client.set_retries(1); // Only 1 try

    // Main dispatcher loop
    let mut result = Ok(());
    while result.is_ok() {
        // We'll dispatch once per second, if there's no activity
        let pipes = [&request_pipe, &reply_pipe, &close_pipe];
        let mut items = pipes.map(|pipe| pipe.poll_item(PollEvents::IN));
        result = poll(&mut items, Some(titanic.speed.of(DISPATCH)))
            .and_then(|_| pipes.iter().try_for_each(|pipe| receive(pipe, &mut queue)))
            .and_then(|()| dispatch(&titanic.store, &mut queue, &mut client, verbose));
    }
    match result {
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
        result => result,
    }
}

// Append all new UUIDs to the queue
fn receive(pipe: &Socket<Pair>, queue: &mut Queue) -> Result<()> {
    loop {
        match ZFrame::recv_nowait(pipe) {
            Ok(uuid) => {
                if let Some(Err(error)) = parse_uuid(&uuid).map(|uuid| queue.push(uuid)) {
                    zsys::error(format!("titanic: {error}"));
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

// Brute-force dispatcher: each that waits gets its try. Which services there are is asked once
fn dispatch(store: &Store, queue: &mut Queue, client: &mut MdCli, verbose: bool) -> Result<()> {
    let mut services = HashMap::new();
    for _ in 0..queue.len() {
        let Some(entry) = queue.pop() else { break };
        if verbose {
            println!("I: processing request {}", uuid_text(entry.uuid));
        }
        let request = match store.request(entry.uuid) {
            Ok(request) => request,
            Err(error) => {
                zsys::error(format!("titanic: {error}"));
                // What is damaged stays so; anything else may get better
                if error.kind() != ErrorKind::InvalidInput {
                    queue.retry(entry);
                }
                continue;
            }
        };
        let success = match request {
            Some(request) => match service_success(request, &mut services, client)? {
                Some(reply) => store.finish(entry.uuid, &reply).map(|()| true),
                None => Ok(false),
            },
            // If the client already closed request, treat as successful
            None => Ok(true),
        };
        let marked = match success {
            // Mark queue entry as processed
            Ok(true) => queue.done(entry),
            not_yet => {
                queue.retry(entry);
                not_yet.map(drop)
            }
        };
        if let Err(error) = marked {
            zsys::error(format!("titanic: {error}"));
        }
    }
    Ok(())
}

// Here we first check if the requested MDP service is defined or not, using a MMI lookup to the Majordomo broker. If the
// service exists we send a request and wait for a reply using the conventional MDP client API. This is not meant to be
// fast, just very simple:

fn service_success(
    mut request: ZMsg,
    services: &mut HashMap<String, bool>,
    client: &mut MdCli,
) -> Result<Option<ZMsg>> {
    // Service will be first frame
    let Some(service) = request.popstr() else { return Ok(None) };
    // Use MMI protocol to check if service is available
    let service_ok = match services.get(&service) {
        Some(service_ok) => *service_ok,
        None => {
            let mmi_reply = reply(client.send("mmi.service", ZMsg::from([service.as_str()])))?;
            let service_ok =
                mmi_reply.is_some_and(|reply| reply.first().is_some_and(|code| code == "200"));
            services.insert(service.clone(), service_ok);
            service_ok
        }
    };
    if !service_ok {
        return Ok(None);
    }
    reply(client.send(&service, request))
}

// No reply, or one that is none, is for another time
fn reply(result: Result<ZMsg>) -> Result<Option<ZMsg>> {
    match result {
        Ok(reply) => Ok(Some(reply)),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::InvalidInput) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
