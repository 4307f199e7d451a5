//! `proxy`: hands messages on between two sockets.

mod steering;
mod way;

use smallvec::SmallVec;

use crate::error::Result;
use crate::kind::Kind;
use crate::poll::{PollEvents, PollItem, poll};
use crate::socket::{Core, Socket};
use steering::{Steered, Traffic};
use way::{Room, Way};

/// Hands messages on, in both directions, until the context is shut down or a call is interrupted.
///
/// It is the shared queue of ROUTER and DEALER, the forwarder of XSUB and XPUB, and the streamer of PULL and PUSH.
/// Where a side can take no more, the other is left alone, and its peers' messages wait there. A message that the
/// proxy has in hand when it ends is not lost: the next receive on its socket gives it.
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
    run(&frontend.core, &backend.core, None, None)
}

/// Does as [`proxy`], and sends a copy of each message to `capture`: a PUB, PUSH, PAIR or DEALER.
///
/// The copy goes first. While the capture has no room for it, the message waits as for the other side; and one that the
/// proxy has in hand when it ends may have had its copy.
///
/// # Errors
///
/// As [`proxy`].
pub fn proxy_with_capture<A: Kind, B: Kind, C: Kind>(
    frontend: &Socket<A>,
    backend: &Socket<B>,
    capture: &Socket<C>,
) -> Result<()> {
    run(&frontend.core, &backend.core, Some(&capture.core), None)
}

/// Does as [`proxy`], and what it is told on a third socket, `control`.
///
/// The control socket receives commands, each a message of one frame:
///
/// | command | what it does |
/// |---|---|
/// | `PAUSE` | leaves all messages where they are, until |
/// | `RESUME` | hands them on again |
/// | `TERMINATE` | ends the proxy, which returns `Ok` |
/// | `STATISTICS` | answers by eight frames, each a `u64` as it is in memory |
///
/// Those are the frames and the bytes that the frontend has received, the frames and bytes that it has sent, and the
/// same four of the backend. Anything else does nothing.
///
/// `control` is a PAIR or REP, or whatever else receives: a SUB steers several proxies at once. A PAIR and a DEALER answer
/// `STATISTICS` alone, a REP and a ROUTER everything, by an empty message where there is nothing to say, others nothing. Of a
/// message of several frames the last is the command, and the answer has the others before it, as a ROUTER wants it.
/// An answer that cannot go out at once is dropped.
///
/// Corresponds to [`zmq_proxy_steerable(3)`](https://libzmq.readthedocs.io/en/latest/zmq_proxy_steerable.html), which
/// differs from version to version, and is not called: this works with all.
///
/// # Errors
///
/// As [`proxy`].
///
/// # Examples
///
/// ```
/// use zmqx::{Context, Pull, Push, proxy_steerable};
///
/// let ctx = Context::new()?;
/// let (frontend, backend) = (ctx.socket(Pull)?, ctx.socket(Push)?);
/// frontend.bind("inproc://frontend")?;
/// backend.bind("inproc://backend")?;
/// let (steer, control) = ctx.pipe()?;
/// let streamer = std::thread::spawn(move || proxy_steerable(&frontend, &backend, &control));
///
/// let (source, sink) = (ctx.socket(Push)?, ctx.socket(Pull)?);
/// source.connect("inproc://frontend")?;
/// sink.connect("inproc://backend")?;
/// source.send("task")?;
/// assert_eq!(sink.recv()?, "task");
///
/// steer.send("STATISTICS")?;
/// let frames = steer.recv_multipart()?;
/// let numbers = frames.iter().map(|frame| u64::from_ne_bytes(frame[..].try_into().expect("8 bytes")));
/// assert_eq!(numbers.collect::<Vec<_>>(), [1, 4, 0, 0, 0, 0, 1, 4]);
///
/// steer.send("TERMINATE")?;
/// streamer.join().expect("a thread that does not panic")?;
/// # Ok::<(), zmqx::Error>(())
/// ```
pub fn proxy_steerable<A: Kind, B: Kind, C: Kind>(
    frontend: &Socket<A>,
    backend: &Socket<B>,
    control: &Socket<C>,
) -> Result<()> {
    run(&frontend.core, &backend.core, None, Some(Steered::by(&control.core)))
}

/// Does as [`proxy_steerable`], and sends a copy of each message to `capture`, as [`proxy_with_capture`].
///
/// # Errors
///
/// As [`proxy`].
pub fn proxy_steerable_with_capture<A: Kind, B: Kind, C: Kind, D: Kind>(
    frontend: &Socket<A>,
    backend: &Socket<B>,
    capture: &Socket<C>,
    control: &Socket<D>,
) -> Result<()> {
    run(&frontend.core, &backend.core, Some(&capture.core), Some(Steered::by(&control.core)))
}

/// Our own loop, where libzmq has zmq_proxy(3): that one minds no `Interrupt` and no pipe's other end, turns without end
/// while a side can take no more, and loses the message that it has in hand when a signal cuts it short.
fn run(
    frontend: &Core,
    backend: &Core,
    capture: Option<&Core>,
    mut steered: Option<Steered<'_>>,
) -> Result<()> {
    let mut ways = [(frontend, backend), (backend, frontend)].map(|(from, to)| {
        Way::new(from, to, capture, steered.as_ref().map(|_| Traffic::default()))
    });
    loop {
        let is_paused = steered.as_ref().is_some_and(Steered::is_paused);
        let when =
            |condition, events| if condition && !is_paused { events } else { PollEvents::empty() };
        let wanted = |side: usize| {
            when(ways[side].awaits().is_none(), PollEvents::IN)
                | when(ways[1 - side].awaits() == Some(Room::OfTarget), PollEvents::OUT)
        };
        let items = [PollItem::of(frontend, wanted(0)), PollItem::of(backend, wanted(1))];
        let mut items: SmallVec<[PollItem<'_>; 4]> = SmallVec::from_iter(items);
        // Where nothing is awaited of it, its context may still end, or its interrupt be triggered.
        let is_awaited = ways.iter().any(|way| way.awaits() == Some(Room::OfCapture));
        items.extend(
            capture.map(|capture| PollItem::of(capture, when(is_awaited, PollEvents::OUT))),
        );
        items.extend(steered.as_ref().map(Steered::item));
        poll(&mut items, None)?;
        if let (Some(steered), Some(control)) = (&mut steered, items.last()) {
            if control.is_readable() && steered.obey(&ways)?.is_break() {
                return Ok(());
            }
            if steered.is_paused() {
                continue;
            }
        }
        for (way, item) in ways.iter_mut().zip(&items) {
            if item.is_readable() || way.awaits().is_some() {
                way.hand_on()?;
            }
        }
    }
}
