//! The workloads, over any [`Library`].

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use czmq_like::prelude::ZLoop;
use zmqx::{Any, Message, PollEvents, Poller, Socket, SocketKind};

use crate::reactor::{echo, reactor};
use crate::{Library, Zmqx};

/// A transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Within the process.
    Inproc,
    /// By a Unix domain socket.
    Ipc,
    /// By TCP, on the loopback interface.
    Tcp,
}

impl Transport {
    /// All of them, with their names.
    pub const ALL: [(Self, &str); 3] =
        [(Self::Inproc, "inproc"), (Self::Ipc, "ipc"), (Self::Tcp, "tcp")];

    /// Returns an endpoint to bind that nobody else has.
    pub fn endpoint(self) -> String {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        match self {
            Self::Inproc => format!("inproc://bench-{number}"),
            Self::Ipc => {
                let folder = std::env::temp_dir();
                let file = format!("zmqx-bench-{}-{number}", std::process::id());
                format!("ipc://{}", folder.join(file).display())
            }
            Self::Tcp => "tcp://127.0.0.1:*".to_owned(),
        }
    }
}

/// Two PAIRs, as the ends of a pipe are.
pub const PAIRS: [SocketKind; 2] = [SocketKind::Pair; 2];

/// Two sockets that are connected.
pub fn connected<L: Library>(
    context: &L::Context,
    transport: Transport,
    kinds: [SocketKind; 2],
) -> [L::Socket; 2] {
    let [bound, other] = kinds.map(|kind| L::socket(context, kind));
    let endpoint = L::bind(&bound, &transport.endpoint());
    L::connect(&other, &endpoint);
    [bound, other]
}

/// Two PAIRs of one thread.
#[derive(Debug)]
pub struct Pairs<L: Library> {
    /// The one that is bound.
    pub one: L::Socket,
    /// The one that is connected.
    pub other: L::Socket,
    _context: L::Context,
}

impl<L: Library> Pairs<L> {
    /// Opens them.
    pub fn new(context: L::Context) -> Self {
        let [one, other] = connected::<L>(&context, Transport::Inproc, PAIRS);
        Self { one, other, _context: context }
    }

    /// Sends a message of so many frames, and receives each into the same one.
    pub fn frames(&self, count: usize, frame: &[u8], message: &mut L::Message) {
        for left in (0..count).rev() {
            L::send(&self.other, frame, left > 0);
        }
        for _ in 0..count {
            L::recv(&self.one, message);
        }
    }
}

/// A socket that has something to receive, among others that are idle.
#[derive(Debug)]
pub struct Among<L: Library> {
    /// All of them, of which the last is the active one.
    pub sockets: Vec<L::Socket>,
    output: L::Socket,
    _context: L::Context,
}

impl<L: Library> Among<L> {
    /// Opens so many.
    pub fn new(context: L::Context, count: usize) -> Self {
        let idle = |_| L::socket(&context, SocketKind::Pull);
        let mut sockets: Vec<_> = (1..count).map(idle).collect();
        let [input, output] = connected::<L>(&context, Transport::Inproc, PAIRS);
        L::send(&output, b"0123456789ABCDEF", false);
        sockets.push(input);
        Self { sockets, output, _context: context }
    }

    /// Receives from one, and sends to the active one.
    pub fn echo(&self, place: usize, message: &mut L::Message) {
        L::recv(&self.sockets[place], message);
        L::forward(&self.output, message);
    }
}

impl Among<Zmqx> {
    /// A poller that waits for them, by their places.
    pub fn poller(&self) -> Poller<'_> {
        let mut poller = Poller::new().unwrap();
        for (place, socket) in self.sockets.iter().enumerate() {
            poller.add(socket, place, PollEvents::IN).unwrap();
        }
        poller
    }

    /// A reactor that waits for them, and for so many timers. Its state is how often what comes goes round.
    pub fn reactor(&self, pending: usize) -> ZLoop<'_, u64> {
        let mut reactor = reactor(pending);
        let (input, idle) = self.sockets.split_last().unwrap();
        for socket in idle {
            reactor.reader(socket, |_, _, _| ()).unwrap();
        }
        echo(&mut reactor, input, &self.output);
        reactor
    }
}

/// A thread that sends as many messages as it is told, and a socket that receives them.
#[derive(Debug)]
pub struct Stream<L: Library> {
    pull: L::Socket,
    counts: Option<mpsc::Sender<u64>>,
    sender: Option<JoinHandle<()>>,
    _context: L::Context,
}

impl<L: Library> Stream<L> {
    /// Starts the thread, for messages of so many bytes.
    pub fn new(transport: Transport, size: usize) -> Self {
        let context = L::context();
        let [pull, push] =
            connected::<L>(&context, transport, [SocketKind::Pull, SocketKind::Push]);
        let (counts, told) = mpsc::channel();
        let sender = thread::spawn(move || {
            let payload = vec![1; size];
            while let Ok(count) = told.recv() {
                for _ in 0..count {
                    L::send(&push, &payload, false);
                }
            }
        });
        Self { pull, counts: Some(counts), sender: Some(sender), _context: context }
    }

    /// Has so many messages sent, and returns how long it took until all were received.
    pub fn run(&self, count: u64) -> Duration {
        let mut message = L::Message::default();
        let start = Instant::now();
        self.counts.as_ref().unwrap().send(count).unwrap();
        for _ in 0..count {
            L::recv(&self.pull, &mut message);
        }
        start.elapsed()
    }
}

impl<L: Library> Drop for Stream<L> {
    fn drop(&mut self) {
        drop(self.counts.take());
        if let Some(sender) = self.sender.take() {
            sender.join().unwrap();
        }
    }
}

/// A socket, and a thread with one that echoes what comes.
#[derive(Debug)]
pub struct Echo<L: Library> {
    socket: L::Socket,
    echo: Option<JoinHandle<()>>,
    _context: L::Context,
}

impl<L: Library> Echo<L> {
    /// Starts the thread, which has the first kind of socket.
    pub fn new(transport: Transport, kinds: [SocketKind; 2]) -> Self {
        let context = L::context();
        let [other, socket] = connected::<L>(&context, transport, kinds);
        let echo = thread::spawn(move || {
            let mut message = L::Message::default();
            let mut is_over = false;
            while !is_over {
                L::recv(&other, &mut message);
                is_over = L::len(&message) == 0;
                L::forward(&other, &mut message);
            }
        });
        Self { socket, echo: Some(echo), _context: context }
    }

    /// Sends a request, and receives the reply.
    pub fn round_trip(&self, request: &[u8], reply: &mut L::Message) {
        L::send(&self.socket, request, false);
        L::recv(&self.socket, reply);
    }
}

impl<L: Library> Drop for Echo<L> {
    fn drop(&mut self) {
        self.round_trip(b"", &mut L::Message::default());
        if let Some(echo) = self.echo.take() {
            echo.join().unwrap();
        }
    }
}

/// A broker between a client and a worker, all on one thread: each request goes through it, and the reply back.
#[derive(Debug)]
pub struct Broker<L: Library> {
    client: L::Socket,
    frontend: L::Socket,
    backend: L::Socket,
    worker: L::Socket,
    _context: L::Context,
}

impl<L: Library> Broker<L> {
    /// Opens the four sockets.
    pub fn new() -> Self {
        let context = L::context();
        let pair = |kinds| connected::<L>(&context, Transport::Inproc, kinds);
        let [frontend, client] = pair([SocketKind::Router, SocketKind::Dealer]);
        let [backend, worker] = pair([SocketKind::Dealer, SocketKind::Dealer]);
        Self { client, frontend, backend, worker, _context: context }
    }

    /// Has a request go through, and the reply back.
    pub fn round_trip(&self, request: &[u8], message: &mut L::Message) {
        L::send(&self.client, request, false);
        pass::<L>(&self.frontend, &self.backend, message);
        pass::<L>(&self.worker, &self.worker, message);
        pass::<L>(&self.backend, &self.frontend, message);
        L::recv(&self.client, message);
    }
}

impl Broker<Zmqx> {
    /// The same, as multipart messages.
    pub fn round_trip_whole(&self, request: &[u8], message: &mut Message) {
        let pass = |from: &Socket<Any>, to: &Socket<Any>| {
            to.send_multipart(from.recv_multipart().unwrap()).unwrap();
        };
        Zmqx::send(&self.client, request, false);
        pass(&self.frontend, &self.backend);
        pass(&self.worker, &self.worker);
        pass(&self.backend, &self.frontend);
        Zmqx::recv(&self.client, message);
    }
}

impl<L: Library> Default for Broker<L> {
    fn default() -> Self {
        Self::new()
    }
}

/// Receives a message, and sends each frame on as it comes.
pub fn pass<L: Library>(from: &L::Socket, to: &L::Socket, message: &mut L::Message) {
    loop {
        L::recv(from, message);
        if !L::forward(to, message) {
            return;
        }
    }
}
