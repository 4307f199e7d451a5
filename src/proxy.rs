//! `proxy`: hands messages on between two sockets.

use smallvec::SmallVec;

use crate::call::Patience;
use crate::error::{ErrorKind, Result};
use crate::interrupt::Interrupt;
use crate::kind::{Kind, SocketKind};
use crate::message::Message;
use crate::multipart::Multipart;
use crate::poll::{PollEvents, PollItem, poll};
use crate::raw::socket::POLLOUT;
use crate::socket::{Core, Socket};

/// Messages that one side may hand on before the other has its turn.
const BURST: usize = 1000;

/// Hands messages on, in both directions, until the context is shut down or a call is interrupted.
///
/// It is the shared queue of ROUTER and DEALER, the forwarder of XSUB and XPUB, and the streamer of PULL and PUSH.
/// A message is taken from one side only when the other can take it, so that none is lost on the way.
///
/// Corresponds to [`zmq_proxy(3)`](https://libzmq.readthedocs.io/en/latest/zmq_proxy.html).
///
/// # Errors
///
/// - [`Terminated`](crate::ErrorKind::Terminated): a context was shut down.
/// - [`Interrupted`](crate::ErrorKind::Interrupted): by a signal, or by the [`Interrupt`](crate::Interrupt) of one of
///   the contexts.
///
/// # Examples
///
/// ```
/// use zmqx::{Context, Dealer, ErrorKind, Rep, Req, Router, proxy};
///
/// let ctx = Context::new()?;
/// let (frontend, backend) = (ctx.socket(Router)?, ctx.socket(Dealer)?);
/// frontend.bind("inproc://frontend")?;
/// backend.bind("inproc://backend")?;
/// let queue = std::thread::spawn(move || proxy(&frontend, &backend));
///
/// let (client, worker) = (ctx.socket(Req)?, ctx.socket(Rep)?);
/// client.connect("inproc://frontend")?;
/// worker.connect("inproc://backend")?;
/// client.send("Hello")?;
/// assert_eq!(worker.recv()?, "Hello");
///
/// ctx.shutdown()?;
/// let end = queue.join().expect("a thread that does not panic");
/// assert_eq!(end.unwrap_err().kind(), ErrorKind::Terminated);
/// # Ok::<(), zmqx::Error>(())
/// ```
pub fn proxy<A: Kind, B: Kind>(frontend: &Socket<A>, backend: &Socket<B>) -> Result<()> {
    run(&frontend.core, &backend.core, None)
}

/// Does as [`proxy`], and sends a copy of each message to `capture`: a PUB, PUSH, PAIR or DEALER.
///
/// # Errors
///
/// As [`proxy`].
pub fn proxy_with_capture<A: Kind, B: Kind, C: Kind>(
    frontend: &Socket<A>,
    backend: &Socket<B>,
    capture: &Socket<C>,
) -> Result<()> {
    run(&frontend.core, &backend.core, Some(&capture.core))
}

/// Our own loop, where libzmq has zmq_proxy(3): that one minds no `Interrupt` and no pipe's other end, and where a signal
/// cuts it short it loses the message, or the frame of one, that it has in hand.
fn run(frontend: &Core, backend: &Core, capture: Option<&Core>) -> Result<()> {
    let sides = [frontend, backend];
    // For each direction: who cannot take the message that waits.
    let mut full: [Option<Full>; 2] = [None; 2];
    let mut buffer = Multipart::new();
    loop {
        let when = |condition, events| if condition { events } else { PollEvents::empty() };
        let wanted = |side: usize| {
            when(full[side].is_none(), PollEvents::IN)
                | when(full[1 - side] == Some(Full::Target), PollEvents::OUT)
        };
        let items = [PollItem::of(frontend, wanted(0)), PollItem::of(backend, wanted(1))];
        let mut items: SmallVec<[PollItem<'_>; 3]> = SmallVec::from_iter(items);
        // Where nothing is awaited of it, its context may still end, or its interrupt be triggered.
        let room = when(full.contains(&Some(Full::Capture)), PollEvents::OUT);
        items.extend(capture.map(|capture| PollItem::of(capture, room)));
        poll(&mut items, None)?;
        let readable = [items[0].is_readable(), items[1].is_readable()];
        for direction in [0, 1] {
            if readable[direction] || full[direction].is_some() {
                let (from, to) = (sides[direction], sides[1 - direction]);
                full[direction] = hand_on(from, to, capture, &mut buffer)?;
            }
        }
    }
}

/// Who cannot take more for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Full {
    Target,
    Capture,
}

/// Hands on what there is, and tells whether that ended because somebody cannot take more.
fn hand_on(
    from: &Core,
    to: &Core,
    capture: Option<&Core>,
    message: &mut Multipart,
) -> Result<Option<Full>> {
    for _ in 0..BURST {
        if !is_writable(to)? {
            return Ok(Some(Full::Target));
        }
        if let Some(capture) = capture {
            if !is_writable(capture)? {
                return Ok(Some(Full::Capture));
            }
        }
        match from.recv_multipart(message, Patience::None) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
            Err(error) => return Err(error),
        }
        if let Some(capture) = capture {
            send(capture, message.iter_mut().map(Message::share).collect())?;
        }
        send(to, std::mem::take(message))?;
    }
    Ok(None)
}

/// Sends what has been taken already: a signal must wait. It can be done at once, unless the peer has just gone.
fn send(to: &Core, mut message: Multipart) -> Result<()> {
    loop {
        match to.send_multipart(message, 0) {
            Err(error) if error.kind() == ErrorKind::Interrupted && !is_triggered(to) => {
                message = error.message;
            }
            done => return Ok(done?),
        }
    }
}

fn is_triggered(socket: &Core) -> bool {
    socket.context().interrupt().is_some_and(Interrupt::is_triggered)
}

fn is_writable(to: &Core) -> Result<bool> {
    if matches!(to.kind, SocketKind::Pub | SocketKind::XPub | SocketKind::Router) {
        // These drop what they cannot send. To ask any other costs a system call.
        return Ok(true);
    }
    loop {
        match to.raw.events() {
            Ok(events) => return Ok(events & POLLOUT != 0),
            Err(error)
                if error.kind() == ErrorKind::Interrupted && to.context().interrupt().is_some() => {
            }
            Err(error) => return Err(error),
        }
    }
}
