//! rzmq, ZMTP in Rust. It has neither PAIR nor, over inproc, two DEALERs: PUSH and PULL stand in for the one, and there
//! is no broker.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use peer::{Outcome, Task};
use rzmq::socket::LAST_ENDPOINT;
use rzmq::{Context, Msg, Socket, SocketType, ZmqError};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Barrier;

type Result<T> = std::result::Result<T, ZmqError>;

async fn pair(
    ctx: &Context,
    endpoint: &str,
    binds: SocketType,
    connects: SocketType,
) -> Result<(Socket, Socket)> {
    let (bound, connected) = (ctx.socket(binds)?, ctx.socket(connects)?);
    bound.bind(endpoint).await?;
    let endpoint = bound.get_option(LAST_ENDPOINT).await?;
    connected.connect(std::str::from_utf8(&endpoint).expect("an endpoint is text")).await?;
    Ok((bound, connected))
}

/// One way, between two tasks: copies of a slice, or shares of what is owned.
async fn send(task: &Task, message: impl Fn() -> Msg + Send + 'static) -> Result<Duration> {
    let (count, size) = (task.count, task.size);
    let ctx = Context::new()?;
    let (sink, source) = pair(&ctx, &task.endpoint, SocketType::Pull, SocketType::Push).await?;
    let start = Arc::new(Barrier::new(2));
    let started = start.clone();
    let sender = tokio::spawn(async move {
        source.send(message()).await?;
        started.wait().await;
        let began = Instant::now();
        for _ in 0..count {
            source.send(message()).await?;
        }
        Result::Ok((source, began))
    });
    let receiver = tokio::spawn(async move {
        sink.recv().await?;
        start.wait().await;
        for _ in 0..count {
            assert_eq!(sink.recv().await?.size(), size);
        }
        Result::Ok(Instant::now())
    });
    let ended = receiver.await.expect("the receiver does not panic")?;
    let (_, began) = sender.await.expect("the sender does not panic")?;
    Ok(ended - began)
}

/// There and back, between two tasks.
async fn latency(task: &Task) -> Result<Duration> {
    let count = task.count;
    let payload = vec![b'x'; task.size];
    let ctx = Context::new()?;
    let (server, client) = pair(&ctx, &task.endpoint, SocketType::Rep, SocketType::Req).await?;
    let replier = tokio::spawn(async move {
        for _ in 0..=count {
            let request = server.recv().await?;
            server.send(request).await?;
        }
        Result::Ok(server)
    });
    let requester = tokio::spawn(async move {
        let mut clock = Instant::now();
        for n in 0..=count {
            if n == 1 {
                clock = Instant::now();
            }
            client.send(Msg::from_vec(payload.clone())).await?;
            client.recv().await?;
        }
        Result::Ok(clock.elapsed())
    });
    let elapsed = requester.await.expect("the requester does not panic")?;
    replier.await.expect("the replier does not panic")?;
    Ok(elapsed)
}

/// On one thread.
async fn single(task: &Task) -> Result<Duration> {
    let ctx = Context::new()?;
    let (sink, source) = pair(&ctx, &task.endpoint, SocketType::Pull, SocketType::Push).await?;
    let payload = vec![b'x'; task.size];
    let clock = Instant::now();
    for _ in 0..task.count {
        source.send(Msg::from_vec(payload.clone())).await?;
        assert_eq!(sink.recv().await?.size(), task.size);
    }
    Ok(clock.elapsed())
}

/// A multipart message goes to and fro.
async fn multipart(task: &Task) -> Result<Duration> {
    let ctx = Context::new()?;
    let there = pair(&ctx, &task.endpoint, SocketType::Pull, SocketType::Push).await?;
    let back = pair(&ctx, "inproc://back", SocketType::Pull, SocketType::Push).await?;
    there.1.send_multipart(vec![Msg::from_static(b"0123456789ABCDEF"); task.size]).await?;
    let clock = Instant::now();
    for _ in 0..task.count / 2 {
        for (source, sink) in [(&there.0, &back.1), (&back.0, &there.1)] {
            let message = source.recv_multipart().await?;
            assert_eq!(message.len(), task.size);
            sink.send_multipart(message).await?;
        }
    }
    Ok(clock.elapsed())
}

fn workload(task: &Task) -> Outcome {
    let threads = Runtime::new()?;
    let thread = Builder::new_current_thread().enable_all().build()?;
    let payload = vec![b'x'; task.size];
    let shared = Bytes::from(payload.clone());
    Ok(Some(match &task.workload[..] {
        "send" => threads.block_on(send(task, move || Msg::from_vec(payload.clone())))?,
        "owned" => threads.block_on(send(task, move || Msg::from_bytes(shared.clone())))?,
        "latency" => threads.block_on(latency(task))?,
        "single" => thread.block_on(single(task))?,
        "multipart" => thread.block_on(multipart(task))?,
        _ => return Ok(None),
    }))
}

fn main() -> ExitCode {
    peer::run(|| "none".to_owned(), workload)
}
