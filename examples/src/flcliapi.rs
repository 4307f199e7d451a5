//! The client of the Freelance pattern, as a class: reliable requests to servers without a broker between.
//!
//! Its servers, each as good as the other, speak [the Freelance Protocol](https://rfc.zeromq.org/spec/10/), as the
//! program flserver3 does: their sockets are ROUTERs whose identity is the endpoint that clients connect to.
//!
//! ```
//! use czmq_like::prelude::*;
//! use guide::flcliapi::FlCliApi;
//! use guide::speed;
//!
//! # let speed = speed::parse("1000").unwrap_or_default();
//! let mut client = FlCliApi::with_speed(speed)?;
//! client.connect("tcp://localhost:5555")?;
//! client.connect("tcp://localhost:5556")?;
//!
//! let mut request = ZMsg::new();
//! request.addstr("random name");
//! match client.request(request)? {
//!     Some(reply) => reply.dump(),
//!     None => println!("E: name service not available"),
//! }
//! # Ok::<(), czmq_like::Error>(())
//! ```

use czmq_like::Result;
use czmq_like::prelude::*;

use crate::speed::Speed;

/// If no server replies within this time, abandon request.
const GLOBAL_TIMEOUT: Duration = Duration::from_millis(3000);
/// PING interval for servers we think are alive.
const PING_INTERVAL: Duration = Duration::from_millis(2000);
/// Server considered dead if silent for this long.
const SERVER_TTL: Duration = Duration::from_millis(6000);
/// How long a connection may take to come up.
const CONNECT_PAUSE: Duration = Duration::from_millis(100);

// This API works in two halves, a common pattern for APIs that need to run in the background. One half is a front-end
// object our application creates and works with; the other half is a back-end "agent" that runs in a background thread.
// The front-end talks to the back-end over an inproc pipe socket:

/// A client of several servers, each of which can answer its requests.
///
/// It asks the first server that it takes for alive, and the next one when that is silent. It knows who is alive by
/// pings, in a thread of its own, which ends with it.
#[derive(Debug)]
pub struct FlCliApi {
    // Our context, which is the agent's too. It goes before the pipe, and so is what ends the agent
    _ctx: ZCtx,
    pipe: Socket<Pair>, // Pipe through to flcliapi agent
    speed: Speed,
}

impl FlCliApi {
    /// Makes one without servers.
    ///
    /// # Errors
    ///
    /// - Those of a context and of its first sockets.
    pub fn new() -> Result<Self> {
        Self::with_speed(Speed::default())
    }

    /// Makes one whose timeouts and pings are so many times as fast.
    ///
    /// # Errors
    ///
    /// - As [`new`](Self::new).
    pub fn with_speed(speed: Speed) -> Result<Self> {
        let ctx = ZCtx::new()?;
        let pipe = zthread::fork(&ctx, move |ctx, pipe| agent_task(&ctx, pipe, speed))?;
        Ok(Self { _ctx: ctx, pipe, speed })
    }

    // To implement the connect method, the front-end object sends a multipart message to the back-end agent. The first
    // part is a string "CONNECT", and the second part is the endpoint. It waits 100 msec for the connection to come up,
    // which isn't pretty, but saves us from sending all requests to a single server, at startup time:

    /// Connects to another server. It is taken for alive until the contrary is known.
    ///
    /// # Errors
    ///
    /// - The endpoint is none. This client is of no use then: each further call fails.
    /// - The wait for the connection was interrupted.
    pub fn connect(&mut self, endpoint: &str) -> Result<()> {
        let mut msg = ZMsg::new();
        msg.addstr("CONNECT");
        msg.addstr(endpoint);
        msg.send(&self.pipe)?;
        ZMsg::recv(&self.pipe)?; // Or the agent's error
        zclock::sleep(self.speed.of(CONNECT_PAUSE)); // Allow connection to come up
        Ok(())
    }

    // To implement the request method, the front-end object sends a message to the back-end, specifying a command
    // "REQUEST" and the request message:

    /// Sends a request, waits for the reply, and gives that; `None` when no server replies in time.
    ///
    /// The request may have come to several servers, if the first ones were slow.
    ///
    /// # Errors
    ///
    /// - The wait was interrupted.
    /// - The agent has failed.
    pub fn request(&mut self, mut request: ZMsg) -> Result<Option<ZMsg>> {
        request.pushstr("REQUEST");
        request.send(&self.pipe)?;
        let mut reply = ZMsg::recv(&self.pipe)?;
        let status = reply.popstr();
        Ok((status.as_deref() == Some("OK")).then_some(reply))
    }
}

// Here we see the back-end agent. It runs as an attached thread, talking to its parent over a pipe socket. It is a
// fairly complex piece of work so we'll break it down into pieces. First, the agent manages a set of servers, using our
// familiar class approach:

/// One server we talk to.
struct Server {
    endpoint: String,  // Server identity/endpoint
    alive: bool,       // Whether it is among the actives
    ping_at: Duration, // Next ping at this time
    expires: Duration, // Expires at this time
}

impl Server {
    fn new(endpoint: &str, speed: Speed) -> Self {
        let (ping_at, expires) = Default::default();
        let mut server = Self { endpoint: endpoint.to_owned(), alive: true, ping_at, expires };
        server.heard(speed);
        server
    }

    // There was a sign of life
    fn heard(&mut self, speed: Speed) {
        self.ping_at = zclock::mono() + speed.of(PING_INTERVAL);
        self.expires = zclock::mono() + speed.of(SERVER_TTL);
    }

    fn ping(&mut self, socket: &Socket<Router>, speed: Speed) -> Result<()> {
        if zclock::mono() >= self.ping_at {
            let mut ping = ZMsg::new();
            ping.addstr(&self.endpoint);
            ping.addstr("PING");
            ping.send(socket)?;
            self.ping_at = zclock::mono() + speed.of(PING_INTERVAL);
        }
        Ok(())
    }
}

/// The request that is being worked on.
struct Request {
    msg: ZMsg,          // With its sequence number in front
    expires: Duration,  // Timeout for request/reply
    asked: Vec<String>, // Servers that have it
    next_at: Duration,  // When the next one is to have it too
}

// We build the agent as a class that's capable of processing messages coming in from its various sockets:

/// One background agent.
struct Agent {
    pipe: Socket<Pair>,               // Socket to talk back to application
    router: Socket<Router>,           // Socket to talk to servers
    servers: HashMap<String, Server>, // Servers we've connected to
    actives: VecDeque<String>,        // Servers we take for alive
    sequence: u64,                    // Number of requests ever sent
    request: Option<Request>,         // Current request if any
    speed: Speed,
}

impl Agent {
    fn new(ctx: &ZCtx, pipe: Socket<Pair>, speed: Speed) -> Result<Self> {
        let router = ctx.socket(Router)?;
        let (servers, actives) = (HashMap::new(), VecDeque::new());
        Ok(Self { pipe, router, servers, actives, sequence: 0, request: None, speed })
    }

    // The control_message method processes one message from our front-end class (it's going to be CONNECT or REQUEST):
    fn control_message(&mut self) -> Result<()> {
        let mut msg = ZMsg::recv(&self.pipe)?;
        let command = msg.popstr().unwrap_or_default();

        if command == "CONNECT" {
            let endpoint = msg.popstr().unwrap_or_default();
            if !self.servers.contains_key(&endpoint) {
                println!("I: connecting to {endpoint}...");
                self.router.connect(&endpoint)?;
                self.servers.insert(endpoint.clone(), Server::new(&endpoint, self.speed));
                self.actives.push_back(endpoint);
            }
            zstr::send(&self.pipe, "OK")?;
        } else if command == "REQUEST" {
            // Prefix request with sequence number
            self.sequence += 1;
            msg.pushstr(self.sequence.to_string());
            // Request expires after global timeout
            let now = zclock::mono();
            let expires = now + self.speed.of(GLOBAL_TIMEOUT);
            // Take ownership of request message
            self.request = Some(Request { msg, expires, asked: Vec::new(), next_at: now });
        }
        Ok(())
    }

    // The router_message method processes one message from a connected server:
    fn router_message(&mut self) -> Result<()> {
        let mut reply = ZMsg::recv(&self.router)?;

        // Frame 0 is server that replied
        let endpoint = reply.popstr().unwrap_or_default();
        let Some(server) = self.servers.get_mut(&endpoint) else { return Ok(()) };
        if !server.alive {
            self.actives.push_back(endpoint);
            server.alive = true;
        }
        server.heard(self.speed);

        // Frame 1 may be sequence number for reply; several servers may reply to a request, but the first one counts
        let sequence = reply.popstr().unwrap_or_default();
        if self.request.is_some() && sequence == self.sequence.to_string() {
            self.request = None;
            reply.pushstr("OK");
            reply.send(&self.pipe)?;
        }
        Ok(())
    }

    // If we're processing a request, dispatch to next server. Each server has an equal share of the time that is left:
    // then it is the next one's turn, also for the requests to come. A silent server is found out by that long before it
    // expires, which takes longer than a request may
    fn dispatch(&mut self) -> Result<()> {
        let Some(request) = &mut self.request else { return Ok(()) };
        let now = zclock::mono();
        if now >= request.expires {
            // Request expired, kill it
            self.request = None;
            return zstr::send(&self.pipe, "FAILED");
        }
        if now < request.next_at {
            return Ok(());
        }
        if let Some(silent) = request.asked.last() {
            // The order of the others stays
            self.actives.make_contiguous().sort_by_key(|endpoint| endpoint == silent);
        }
        // Find server to talk to, remove any expired ones
        for server in self.servers.values_mut() {
            server.alive = server.alive && now < server.expires;
        }
        self.actives.retain(|endpoint| self.servers.get(endpoint).is_some_and(|s| s.alive));
        let left = self.actives.iter().filter(|endpoint| !request.asked.contains(endpoint));
        let shares = u32::try_from(left.clone().count()).unwrap_or(u32::MAX);
        if let Some(endpoint) = left.clone().next() {
            let mut msg = request.msg.dup();
            msg.pushstr(endpoint);
            msg.send(&self.router)?;
            request.asked.push(endpoint.clone());
            request.next_at = now + (request.expires - now) / shares;
        }
        Ok(())
    }

    // Calculate tickless timer, up to 1 hour
    fn tickless(&self) -> Duration {
        let now = zclock::mono();
        let times = self.request.iter().flat_map(|request| [request.expires, request.next_at]);
        // Where all have been asked, the next one's time is past, and comes with a server that is back
        let times = times.filter(|time| *time > now);
        let pings = self.servers.values().map(|server| server.ping_at);
        times.chain(pings).fold(now + Duration::from_secs(3600), Duration::min)
    }
}

// Finally, here's the agent task itself, which polls its two sockets and processes incoming messages:

fn agent_task(ctx: &ZCtx, pipe: Socket<Pair>, speed: Speed) -> Result<()> {
    let mut agent = Agent::new(ctx, pipe, speed)?;
    loop {
        let timeout = agent.tickless().saturating_sub(zclock::mono());
        let mut items =
            [agent.pipe.poll_item(PollEvents::IN), agent.router.poll_item(PollEvents::IN)];
        poll(&mut items, Some(timeout))?; // Or the context has been shut down
        let [control, reply] = items.map(|item| item.is_readable());

        if control {
            agent.control_message()?;
        }
        if reply {
            agent.router_message()?;
        }
        agent.dispatch()?;

        // Send heartbeats to idle servers if needed
        for server in agent.servers.values_mut() {
            server.ping(&agent.router, agent.speed)?;
        }
    }
}
