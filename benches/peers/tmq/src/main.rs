//! tmq: rust-zmq in tokio, linked to the system's libzmq (see ../run). It copies whatever it sends.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt};
use peer::{Outcome, Task};
use tmq::{
    AsZmqSocket, Context, Message, Multipart, Result, dealer, pair, pull, push, reply, request,
    router,
};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Barrier;

/// How many messages a PULL takes from libzmq ahead.
const AHEAD: usize = 64;

fn endpoint(bound: &impl AsZmqSocket) -> String {
    let endpoint = bound.get_socket().get_last_endpoint().expect("it is bound");
    endpoint.expect("an endpoint is text")
}

async fn recv(
    socket: &mut (impl StreamExt<Item = Result<Multipart>> + Unpin),
) -> Result<Multipart> {
    socket.next().await.expect("a socket has no end")
}

fn copy(payload: &[u8]) -> Multipart {
    Message::from(payload).into()
}

/// One way, between two tasks.
async fn send(task: &Task) -> Result<Duration> {
    let (count, size) = (task.count, task.size);
    let payload = vec![b'x'; task.size];
    let ctx = Context::new();
    let sink = pull(&ctx).bind(&task.endpoint)?;
    let mut source = push(&ctx).connect(&endpoint(&sink))?;
    let mut sink = sink.buffered(AHEAD);
    let start = Arc::new(Barrier::new(2));
    let started = start.clone();
    let sender = tokio::spawn(async move {
        source.send(copy(&payload)).await?;
        started.wait().await;
        let began = Instant::now();
        for _ in 0..count {
            source.send(copy(&payload)).await?;
        }
        Result::Ok((source, began))
    });
    let receiver = tokio::spawn(async move {
        recv(&mut sink).await?;
        start.wait().await;
        for _ in 0..count {
            assert_eq!(recv(&mut sink).await?[0].len(), size);
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
    let ctx = Context::new();
    let mut server = reply(&ctx).bind(&task.endpoint)?;
    let mut client = request(&ctx).connect(&endpoint(&server))?;
    let replier = tokio::spawn(async move {
        for _ in 0..=count {
            let (request, answering) = server.recv().await?;
            server = answering.send(request).await?;
        }
        Result::Ok(server)
    });
    let requester = tokio::spawn(async move {
        let mut clock = Instant::now();
        for n in 0..=count {
            if n == 1 {
                clock = Instant::now();
            }
            (_, client) = client.send(copy(&payload)).await?.recv().await?;
        }
        Result::Ok(clock.elapsed())
    });
    let elapsed = requester.await.expect("the requester does not panic")?;
    replier.await.expect("the replier does not panic")?;
    Ok(elapsed)
}

/// On one thread.
async fn single(task: &Task) -> Result<Duration> {
    let ctx = Context::new();
    let mut sink = pair(&ctx).bind(&task.endpoint)?;
    let mut source = pair(&ctx).connect(&task.endpoint)?;
    let payload = vec![b'x'; task.size];
    let clock = Instant::now();
    for _ in 0..task.count {
        source.send(copy(&payload)).await?;
        assert_eq!(recv(&mut sink).await?[0].len(), task.size);
    }
    Ok(clock.elapsed())
}

/// A multipart message goes to and fro.
async fn multipart(task: &Task) -> Result<Duration> {
    let ctx = Context::new();
    let mut one = pair(&ctx).bind(&task.endpoint)?;
    let mut other = pair(&ctx).connect(&task.endpoint)?;
    one.send(vec!["0123456789ABCDEF"; task.size]).await?;
    let clock = Instant::now();
    for _ in 0..task.count / 2 {
        for socket in [&mut other, &mut one] {
            let message = recv(socket).await?;
            assert_eq!(message.len(), task.size);
            socket.send(message).await?;
        }
    }
    Ok(clock.elapsed())
}

/// Client, broker and worker on one thread.
async fn broker(task: &Task) -> Result<Duration> {
    let ctx = Context::new();
    let mut frontend = router(&ctx).bind(&task.endpoint)?;
    let mut client = dealer(&ctx).connect(&task.endpoint)?;
    let mut backend = dealer(&ctx).bind("inproc://backend")?;
    let mut worker = dealer(&ctx).connect("inproc://backend")?;
    let payload = vec![b'x'; task.size];
    let clock = Instant::now();
    for _ in 0..task.count {
        client.send(copy(&payload)).await?;
        backend.send(recv(&mut frontend).await?).await?;
        let request = recv(&mut worker).await?;
        worker.send(request).await?;
        frontend.send(recv(&mut backend).await?).await?;
        assert_eq!(recv(&mut client).await?[0].len(), task.size);
    }
    Ok(clock.elapsed())
}

fn workload(task: &Task) -> Outcome {
    let threads = Runtime::new()?;
    let thread = Builder::new_current_thread().enable_all().build()?;
    Ok(Some(match &task.workload[..] {
        "send" => threads.block_on(send(task))?,
        "latency" => threads.block_on(latency(task))?,
        "single" => thread.block_on(single(task))?,
        "multipart" => thread.block_on(multipart(task))?,
        "broker-multipart" => thread.block_on(broker(task))?,
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
