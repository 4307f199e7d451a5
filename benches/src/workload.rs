//! The workloads, over any [`Library`].

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use zmqx::SocketKind;

use crate::Library;

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

/// A REQ, and a thread with a REP that echoes what comes.
#[derive(Debug)]
pub struct Echo<L: Library> {
    req: L::Socket,
    echo: Option<JoinHandle<()>>,
    _context: L::Context,
}

impl<L: Library> Echo<L> {
    /// Starts the thread.
    pub fn new(transport: Transport) -> Self {
        let context = L::context();
        let [rep, req] = connected::<L>(&context, transport, [SocketKind::Rep, SocketKind::Req]);
        let echo = thread::spawn(move || {
            let mut message = L::Message::default();
            let mut is_over = false;
            while !is_over {
                L::recv(&rep, &mut message);
                is_over = L::len(&message) == 0;
                L::forward(&rep, &mut message);
            }
        });
        Self { req, echo: Some(echo), _context: context }
    }

    /// Sends a request, and receives the reply.
    pub fn round_trip(&self, request: &[u8], reply: &mut L::Message) {
        L::send(&self.req, request, false);
        L::recv(&self.req, reply);
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

impl<L: Library> Default for Broker<L> {
    fn default() -> Self {
        Self::new()
    }
}

/// Receives a message, and sends each frame on as it comes.
fn pass<L: Library>(from: &L::Socket, to: &L::Socket, message: &mut L::Message) {
    loop {
        L::recv(from, message);
        let has_more = L::has_more(message);
        L::forward(to, message);
        if !has_more {
            return;
        }
    }
}
