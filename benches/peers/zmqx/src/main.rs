//! zmqx, by its own ways: what receives again and again does so into one `Message`; a `Poller` for many sockets.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use peer::{Outcome, Task, two_threads};
use zmqx::{
    Context, Dealer, Message, Pair, PollEvents, Poller, Pull, Push, Receives, Rep, Req, Router,
    Sends, Socket,
};

type Result<T> = std::result::Result<T, zmqx::Error>;

/// One way, between two threads: copies of a slice, or handles to what is owned.
fn send(task: &Task, mut message: impl FnMut() -> Message + Send) -> Result<Duration> {
    let ctx = Context::new()?;
    let sink = ctx.socket(Pull)?;
    let source = ctx.socket(Push)?;
    source.connect(sink.bind(&task.endpoint)?)?;
    let mut received = Message::new();
    two_threads(
        task.count,
        move |count| {
            for _ in 0..count {
                source.send(message())?;
            }
            Ok(())
        },
        |count| {
            for _ in 0..count {
                sink.recv_into(&mut received)?;
                assert_eq!(received.len(), task.size);
            }
            Ok(())
        },
    )
}

/// There and back, between two threads.
fn latency(task: &Task) -> Result<Duration> {
    let ctx = Context::new()?;
    let server = ctx.socket(Rep)?;
    let client = ctx.socket(Req)?;
    client.connect(server.bind(&task.endpoint)?)?;
    let payload = vec![b'x'; task.size];
    let reply = payload.clone();
    let mut request = Message::new();
    let mut received = Message::new();
    two_threads(
        task.count,
        move |count| {
            for _ in 0..count {
                server.recv_into(&mut request)?;
                server.send(&reply[..])?;
            }
            Ok(())
        },
        |count| {
            for _ in 0..count {
                client.send(&payload[..])?;
                client.recv_into(&mut received)?;
            }
            Ok(())
        },
    )
}

/// On one thread.
fn single(task: &Task) -> Result<Duration> {
    let ctx = Context::new()?;
    let (sink, source) = (ctx.socket(Pair)?, ctx.socket(Pair)?);
    source.connect(sink.bind(&task.endpoint)?)?;
    let payload = vec![b'x'; task.size];
    let mut received = Message::new();
    let clock = Instant::now();
    for _ in 0..task.count {
        source.send(&payload[..])?;
        sink.recv_into(&mut received)?;
        assert_eq!(received.len(), task.size);
    }
    Ok(clock.elapsed())
}

/// A multipart message goes to and fro.
fn multipart(task: &Task) -> Result<Duration> {
    let ctx = Context::new()?;
    let (one, other) = (ctx.socket(Pair)?, ctx.socket(Pair)?);
    other.connect(one.bind(&task.endpoint)?)?;
    one.send_multipart(vec![Message::from("0123456789ABCDEF"); task.size])?;
    let clock = Instant::now();
    for _ in 0..task.count / 2 {
        for socket in [&other, &one] {
            let message = socket.recv_multipart()?;
            assert_eq!(message.len(), task.size);
            socket.send_multipart(message)?;
        }
    }
    Ok(clock.elapsed())
}

fn forward(
    from: &Socket<impl Receives>,
    to: &Socket<impl Sends>,
    frame: &mut Message,
) -> Result<()> {
    loop {
        from.recv_into(frame)?;
        if !to.forward(frame)? {
            return Ok(());
        }
    }
}

fn forward_multipart(from: &Socket<impl Receives>, to: &Socket<impl Sends>) -> Result<()> {
    Ok(to.send_multipart(from.recv_multipart()?)?)
}

/// Client, broker and worker on one thread.
fn broker(task: &Task, whole: bool) -> Result<Duration> {
    let ctx = Context::new()?;
    let (frontend, client) = (ctx.socket(Router)?, ctx.socket(Dealer)?);
    client.connect(frontend.bind(&task.endpoint)?)?;
    let (backend, worker) = (ctx.socket(Dealer)?, ctx.socket(Dealer)?);
    worker.connect(backend.bind(format!("{}-backend", task.endpoint))?)?;
    let payload = vec![b'x'; task.size];
    let (mut frame, mut reply) = (Message::new(), Message::new());
    let clock = Instant::now();
    for _ in 0..task.count {
        client.send(&payload[..])?;
        if whole {
            forward_multipart(&frontend, &backend)?;
            forward_multipart(&worker, &worker)?;
            forward_multipart(&backend, &frontend)?;
        } else {
            forward(&frontend, &backend, &mut frame)?;
            forward(&worker, &worker, &mut frame)?;
            forward(&backend, &frontend, &mut frame)?;
        }
        client.recv_into(&mut reply)?;
        assert_eq!(reply.len(), task.size);
    }
    Ok(clock.elapsed())
}

/// One socket is active, the others are idle.
fn readers(task: &Task) -> Result<Duration> {
    let ctx = Context::builder().max_sockets(4096).build()?;
    let (output, input) = (ctx.socket(Pair)?, ctx.socket(Pair)?);
    input.connect(output.bind(&task.endpoint)?)?;
    let idle = (1..task.size).map(|_| ctx.socket(Pull)).collect::<Result<Vec<_>>>()?;
    let mut poller = Poller::new()?;
    for (key, socket) in idle.iter().enumerate() {
        poller.add(socket, key, PollEvents::IN)?;
    }
    poller.add(&input, idle.len(), PollEvents::IN)?;
    output.send("0123456789ABCDEF")?;
    let mut frame = Message::new();
    let clock = Instant::now();
    let mut events = 0;
    while events < task.count {
        if poller.wait(None)?.is_some_and(|ready| ready.key() == idle.len()) {
            input.recv_into(&mut frame)?;
            output.forward(&mut frame)?;
            events += 1;
        }
    }
    Ok(clock.elapsed())
}

fn workload(task: &Task) -> Outcome {
    let payload = vec![b'x'; task.size];
    Ok(Some(match &task.workload[..] {
        "send" => send(task, move || Message::from(&payload[..]))?,
        "owned" => {
            let mut owned = Message::from(payload);
            send(task, move || owned.share())?
        }
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
    peer::run(|| zmqx::version().to_string(), workload)
}
