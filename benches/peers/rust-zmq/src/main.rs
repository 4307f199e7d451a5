//! rust-zmq, the crate zmq, linked to the system's libzmq (see ../run).

use std::process::ExitCode;
use std::time::{Duration, Instant};

use peer::{Outcome, Task, two_threads};
use zmq::{
    Context, DEALER, Error, Message, PAIR, POLLIN, PULL, PUSH, REP, REQ, ROUTER, SNDMORE, Socket,
    SocketType,
};

type Result<T> = std::result::Result<T, Error>;

fn pair(
    ctx: &Context,
    endpoint: &str,
    binds: SocketType,
    connects: SocketType,
) -> Result<(Socket, Socket)> {
    let (bound, connected) = (ctx.socket(binds)?, ctx.socket(connects)?);
    bound.bind(endpoint)?;
    connected.connect(&bound.get_last_endpoint()?.expect("an endpoint is text"))?;
    Ok((bound, connected))
}

/// One way, between two threads: copies of a slice, or Vecs that are given away.
fn send(task: &Task, message: impl Fn() -> Message + Send) -> Result<Duration> {
    let ctx = Context::new();
    let (sink, source) = pair(&ctx, &task.endpoint, PULL, PUSH)?;
    let mut received = Message::new();
    two_threads(
        task.count,
        move |count| {
            for _ in 0..count {
                source.send(message(), 0)?;
            }
            Ok(())
        },
        |count| {
            for _ in 0..count {
                sink.recv(&mut received, 0)?;
                assert_eq!(received.len(), task.size);
            }
            Ok(())
        },
    )
}

/// There and back, between two threads.
fn latency(task: &Task) -> Result<Duration> {
    let ctx = Context::new();
    let (server, client) = pair(&ctx, &task.endpoint, REP, REQ)?;
    let payload = vec![b'x'; task.size];
    let reply = payload.clone();
    let mut request = Message::new();
    let mut received = Message::new();
    two_threads(
        task.count,
        move |count| {
            for _ in 0..count {
                server.recv(&mut request, 0)?;
                server.send(&reply[..], 0)?;
            }
            Ok(())
        },
        |count| {
            for _ in 0..count {
                client.send(&payload[..], 0)?;
                client.recv(&mut received, 0)?;
            }
            Ok(())
        },
    )
}

/// On one thread.
fn single(task: &Task) -> Result<Duration> {
    let ctx = Context::new();
    let (sink, source) = pair(&ctx, &task.endpoint, PAIR, PAIR)?;
    let payload = vec![b'x'; task.size];
    let mut received = Message::new();
    let clock = Instant::now();
    for _ in 0..task.count {
        source.send(&payload[..], 0)?;
        sink.recv(&mut received, 0)?;
        assert_eq!(received.len(), task.size);
    }
    Ok(clock.elapsed())
}

/// A multipart message goes to and fro.
fn multipart(task: &Task) -> Result<Duration> {
    let ctx = Context::new();
    let (one, other) = pair(&ctx, &task.endpoint, PAIR, PAIR)?;
    one.send_multipart(vec!["0123456789ABCDEF"; task.size], 0)?;
    let clock = Instant::now();
    for _ in 0..task.count / 2 {
        for socket in [&other, &one] {
            let message = socket.recv_multipart(0)?;
            assert_eq!(message.len(), task.size);
            socket.send_multipart(message, 0)?;
        }
    }
    Ok(clock.elapsed())
}

fn forward(from: &Socket, to: &Socket, frame: &mut Message) -> Result<()> {
    loop {
        from.recv(frame, 0)?;
        let more = frame.get_more();
        to.send(std::mem::replace(frame, Message::new()), if more { SNDMORE } else { 0 })?;
        if !more {
            return Ok(());
        }
    }
}

fn forward_multipart(from: &Socket, to: &Socket) -> Result<()> {
    to.send_multipart(from.recv_multipart(0)?, 0)
}

/// Client, broker and worker on one thread.
fn broker(task: &Task, whole: bool) -> Result<Duration> {
    let ctx = Context::new();
    let (frontend, client) = pair(&ctx, &task.endpoint, ROUTER, DEALER)?;
    let (backend, worker) = pair(&ctx, &format!("{}-backend", task.endpoint), DEALER, DEALER)?;
    let payload = vec![b'x'; task.size];
    let (mut frame, mut reply) = (Message::new(), Message::new());
    let clock = Instant::now();
    for _ in 0..task.count {
        client.send(&payload[..], 0)?;
        if whole {
            forward_multipart(&frontend, &backend)?;
            forward_multipart(&worker, &worker)?;
            forward_multipart(&backend, &frontend)?;
        } else {
            forward(&frontend, &backend, &mut frame)?;
            forward(&worker, &worker, &mut frame)?;
            forward(&backend, &frontend, &mut frame)?;
        }
        client.recv(&mut reply, 0)?;
        assert_eq!(reply.len(), task.size);
    }
    Ok(clock.elapsed())
}

/// One socket is active, the others are idle.
fn readers(task: &Task) -> Result<Duration> {
    let ctx = Context::new();
    let (output, input) = pair(&ctx, &task.endpoint, PAIR, PAIR)?;
    let idle = (1..task.size).map(|_| ctx.socket(PULL)).collect::<Result<Vec<_>>>()?;
    let mut items: Vec<_> =
        idle.iter().chain([&input]).map(|socket| socket.as_poll_item(POLLIN)).collect();
    output.send("0123456789ABCDEF", 0)?;
    let mut frame = Message::new();
    let clock = Instant::now();
    let mut events = 0;
    while events < task.count {
        zmq::poll(&mut items, -1)?;
        for (index, item) in items.iter().enumerate() {
            if item.is_readable() && index == idle.len() {
                input.recv(&mut frame, 0)?;
                output.send(std::mem::replace(&mut frame, Message::new()), 0)?;
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
        let (major, minor, patch) = zmq::version();
        format!("{major}.{minor}.{patch}")
    };
    peer::run(version, workload)
}
