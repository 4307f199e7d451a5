//! omq-tokio, ZMTP in Rust: its blocking sockets, with one I/O thread, as libzmq has.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use omq_tokio::blocking::Socket;
use omq_tokio::{Context, ContextConfig, Message, Options, SocketType};
use peer::{Outcome, Task, two_threads};

type Result<T> = std::result::Result<T, omq_tokio::Error>;

fn pair(
    ctx: &Context,
    endpoint: &str,
    binds: SocketType,
    connects: SocketType,
) -> Result<(Socket, Socket)> {
    let bound = ctx.blocking_socket(binds, Options::default());
    let connected = ctx.blocking_socket(connects, Options::default());
    connected.connect(bound.bind(endpoint)?)?;
    connected.wait_connected(1, Duration::from_secs(10))?;
    Ok((bound, connected))
}

fn context() -> Context {
    Context::with_config(ContextConfig { io_threads: 1 })
}

/// One way, between two threads: copies of a slice, or shares of what is owned.
fn send(task: &Task, message: impl Fn() -> Message + Send) -> Result<Duration> {
    let ctx = context();
    let (sink, source) = pair(&ctx, &task.endpoint, SocketType::Pull, SocketType::Push)?;
    two_threads(
        task.count,
        move |count| (0..count).try_for_each(|_| source.send(message())),
        |count| {
            for _ in 0..count {
                assert_eq!(sink.recv()?.byte_len(), task.size);
            }
            Ok(())
        },
    )
}

/// There and back, between two threads.
fn latency(task: &Task) -> Result<Duration> {
    let ctx = context();
    let (server, client) = pair(&ctx, &task.endpoint, SocketType::Rep, SocketType::Req)?;
    let payload = vec![b'x'; task.size];
    let reply = payload.clone();
    two_threads(
        task.count,
        move |count| {
            for _ in 0..count {
                server.recv()?;
                server.send(Message::from_slice(&reply))?;
            }
            Ok(())
        },
        |count| {
            for _ in 0..count {
                client.send(Message::from_slice(&payload))?;
                client.recv()?;
            }
            Ok(())
        },
    )
}

/// On one thread.
fn single(task: &Task) -> Result<Duration> {
    let ctx = context();
    let (sink, source) = pair(&ctx, &task.endpoint, SocketType::Pair, SocketType::Pair)?;
    let payload = vec![b'x'; task.size];
    let clock = Instant::now();
    for _ in 0..task.count {
        source.send(Message::from_slice(&payload))?;
        assert_eq!(sink.recv()?.byte_len(), task.size);
    }
    Ok(clock.elapsed())
}

/// A multipart message goes to and fro.
fn multipart(task: &Task) -> Result<Duration> {
    let ctx = context();
    let (one, other) = pair(&ctx, &task.endpoint, SocketType::Pair, SocketType::Pair)?;
    one.send(Message::multipart(vec!["0123456789ABCDEF"; task.size]))?;
    let clock = Instant::now();
    for _ in 0..task.count / 2 {
        for socket in [&other, &one] {
            let message = socket.recv()?;
            assert_eq!(message.len(), task.size);
            socket.send(message)?;
        }
    }
    Ok(clock.elapsed())
}

/// Client, broker and worker on one thread.
fn broker(task: &Task) -> Result<Duration> {
    let ctx = context();
    let (frontend, client) = pair(&ctx, &task.endpoint, SocketType::Router, SocketType::Dealer)?;
    let endpoint = format!("{}-backend", task.endpoint);
    let (backend, worker) = pair(&ctx, &endpoint, SocketType::Dealer, SocketType::Dealer)?;
    let payload = vec![b'x'; task.size];
    let clock = Instant::now();
    for _ in 0..task.count {
        client.send(Message::from_slice(&payload))?;
        backend.send(frontend.recv()?)?;
        worker.send(worker.recv()?)?;
        frontend.send(backend.recv()?)?;
        assert_eq!(client.recv()?.byte_len(), task.size);
    }
    Ok(clock.elapsed())
}

fn workload(task: &Task) -> Outcome {
    let payload = vec![b'x'; task.size];
    let shared = Message::single(payload.clone());
    Ok(Some(match &task.workload[..] {
        "send" => send(task, move || Message::from_slice(&payload))?,
        "owned" => send(task, move || shared.clone())?,
        "latency" => latency(task)?,
        "single" => single(task)?,
        "multipart" => multipart(task)?,
        "broker-multipart" => broker(task)?,
        _ => return Ok(None),
    }))
}

fn main() -> ExitCode {
    peer::run(|| "none".to_owned(), workload)
}
