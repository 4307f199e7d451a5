//! arzmq, which builds a libzmq of its own. A receive makes a Message each time: there is no other way.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use arzmq::prelude::*;
use arzmq::socket::PollEvents;
use peer::{Outcome, Task, two_threads};

const NONE: SendFlags = SendFlags::empty();
const WAIT: RecvFlags = RecvFlags::empty();

/// Binds the one, connects the other.
macro_rules! pair {
    ($ctx:expr, $endpoint:expr, $binds:ty, $connects:ty) => {{
        let bound = <$binds>::from_context($ctx)?;
        let connected = <$connects>::from_context($ctx)?;
        bound.bind($endpoint)?;
        connected.connect(bound.last_endpoint()?)?;
        (bound, connected)
    }};
}

/// One way, between two threads: copies of a slice, or Vecs that are given away.
fn send(task: &Task, message: impl Fn() -> Message + Send) -> ZmqResult<Duration> {
    let ctx = Context::new()?;
    let (sink, source) = pair!(&ctx, &task.endpoint, PullSocket, PushSocket);
    two_threads(
        task.count,
        move |count| (0..count).try_for_each(|_| source.send_msg(message(), NONE)),
        |count| {
            for _ in 0..count {
                assert_eq!(sink.recv_msg(WAIT)?.len(), task.size);
            }
            Ok(())
        },
    )
}

/// There and back, between two threads.
fn latency(task: &Task) -> ZmqResult<Duration> {
    let ctx = Context::new()?;
    let (server, client) = pair!(&ctx, &task.endpoint, ReplySocket, RequestSocket);
    let payload = vec![b'x'; task.size];
    let reply = payload.clone();
    two_threads(
        task.count,
        move |count| {
            for _ in 0..count {
                server.recv_msg(WAIT)?;
                server.send_msg(&reply[..], NONE)?;
            }
            Ok(())
        },
        |count| {
            for _ in 0..count {
                client.send_msg(&payload[..], NONE)?;
                client.recv_msg(WAIT)?;
            }
            Ok(())
        },
    )
}

/// On one thread.
fn single(task: &Task) -> ZmqResult<Duration> {
    let ctx = Context::new()?;
    let (sink, source) = pair!(&ctx, &task.endpoint, PairSocket, PairSocket);
    let payload = vec![b'x'; task.size];
    let clock = Instant::now();
    for _ in 0..task.count {
        source.send_msg(&payload[..], NONE)?;
        assert_eq!(sink.recv_msg(WAIT)?.len(), task.size);
    }
    Ok(clock.elapsed())
}

/// A multipart message goes to and fro.
fn multipart(task: &Task) -> ZmqResult<Duration> {
    let ctx = Context::new()?;
    let (one, other) = pair!(&ctx, &task.endpoint, PairSocket, PairSocket);
    let message: MultipartMessage = (0..task.size).map(|_| "0123456789ABCDEF").collect();
    one.send_multipart(message, NONE)?;
    let clock = Instant::now();
    for _ in 0..task.count / 2 {
        for socket in [&other, &one] {
            let message = socket.recv_multipart(WAIT)?;
            assert_eq!(message.len(), task.size);
            socket.send_multipart(message, NONE)?;
        }
    }
    Ok(clock.elapsed())
}

fn forward(from: &impl Receiver, to: &impl Sender) -> ZmqResult<()> {
    loop {
        let frame = from.recv_msg(WAIT)?;
        if !frame.get_more() {
            return to.send_msg(frame, NONE);
        }
        to.send_msg(frame, SendFlags::SEND_MORE)?;
    }
}

fn forward_multipart(from: &impl MultipartReceiver, to: &impl MultipartSender) -> ZmqResult<()> {
    to.send_multipart(from.recv_multipart(WAIT)?, NONE)
}

/// Client, broker and worker on one thread.
fn broker(task: &Task, whole: bool) -> ZmqResult<Duration> {
    let ctx = Context::new()?;
    let (frontend, client) = pair!(&ctx, &task.endpoint, RouterSocket, DealerSocket);
    let endpoint = format!("{}-backend", task.endpoint);
    let (backend, worker) = pair!(&ctx, endpoint, DealerSocket, DealerSocket);
    let payload = vec![b'x'; task.size];
    let clock = Instant::now();
    for _ in 0..task.count {
        client.send_msg(&payload[..], NONE)?;
        if whole {
            forward_multipart(&frontend, &backend)?;
            forward_multipart(&worker, &worker)?;
            forward_multipart(&backend, &frontend)?;
        } else {
            forward(&frontend, &backend)?;
            forward(&worker, &worker)?;
            forward(&backend, &frontend)?;
        }
        assert_eq!(client.recv_msg(WAIT)?.len(), task.size);
    }
    Ok(clock.elapsed())
}

/// One socket is active, the others are idle.
fn readers(task: &Task) -> ZmqResult<Duration> {
    let ctx = Context::new()?;
    ctx.set_max_sockets(4096)?;
    let (output, input) = pair!(&ctx, &task.endpoint, PairSocket, PairSocket);
    let idle =
        (1..task.size).map(|_| PullSocket::from_context(&ctx)).collect::<ZmqResult<Vec<_>>>()?;
    let poller =
        idle.iter().fold(Poller::new(), |poller, socket| poller.with(socket, PollEvents::POLL_IN));
    let poller = poller.with(&input, PollEvents::POLL_IN);
    output.send_msg("0123456789ABCDEF", NONE)?;
    let clock = Instant::now();
    let mut events = 0;
    while events < task.count {
        for (index, ready) in poller.poll(-1)?.into_iter().enumerate() {
            if ready.contains(PollEvents::POLL_IN) && index == idle.len() {
                output.send_msg(input.recv_msg(WAIT)?, NONE)?;
                events += 1;
            }
        }
    }
    Ok(clock.elapsed())
}

fn workload(task: &Task) -> Outcome {
    let payload = vec![b'x'; task.size];
    Ok(Some(match &task.workload[..] {
        "send" => send(task, move || Message::from(&payload[..]))?,
        "owned" => send(task, move || Message::from(payload.clone()))?,
        "latency" => latency(task)?,
        "single" => single(task)?,
        "multipart" => multipart(task)?,
        "broker" => broker(task, false)?,
        "broker-multipart" => broker(task, true)?,
        "readers" => readers(task)?,
        _ => return Ok(None),
    }))
}

fn main() -> ExitCode {
    let version = || {
        let (major, minor, patch) = arzmq::version();
        format!("{major}.{minor}.{patch}")
    };
    peer::run(version, workload)
}
