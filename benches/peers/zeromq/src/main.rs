//! zeromq (zmq.rs), ZMTP in Rust. It has no inproc, and so nothing that runs on one thread here.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use peer::{Outcome, Task};
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use zeromq::{
    PullSocket, PushSocket, RepSocket, ReqSocket, Socket, SocketRecv, SocketSend, ZmqMessage,
    ZmqResult,
};

/// One way, between two tasks: copies of a slice, or shares of what is owned.
async fn send(task: &Task, message: impl Fn() -> Bytes + Send + 'static) -> ZmqResult<Duration> {
    let (count, size) = (task.count, task.size);
    let (mut sink, mut source) = (PullSocket::new(), PushSocket::new());
    source.connect(&sink.bind(&task.endpoint).await?.to_string()).await?;
    let start = Arc::new(Barrier::new(2));
    let started = start.clone();
    let sender = tokio::spawn(async move {
        source.send(message().into()).await?;
        started.wait().await;
        let began = Instant::now();
        for _ in 0..count {
            source.send(message().into()).await?;
        }
        ZmqResult::Ok((source, began))
    });
    let receiver = tokio::spawn(async move {
        sink.recv().await?;
        start.wait().await;
        for _ in 0..count {
            let message = sink.recv().await?;
            assert_eq!(message.get(0).map(Bytes::len), Some(size));
        }
        ZmqResult::Ok(Instant::now())
    });
    let ended = receiver.await.expect("the receiver does not panic")?;
    let (_, began) = sender.await.expect("the sender does not panic")?;
    Ok(ended - began)
}

/// There and back, between two tasks.
async fn latency(task: &Task) -> ZmqResult<Duration> {
    let count = task.count;
    let payload = vec![b'x'; task.size];
    let (mut server, mut client) = (RepSocket::new(), ReqSocket::new());
    client.connect(&server.bind(&task.endpoint).await?.to_string()).await?;
    let replier = tokio::spawn(async move {
        for _ in 0..=count {
            let request = server.recv().await?;
            server.send(request).await?;
        }
        ZmqResult::Ok(server)
    });
    let requester = tokio::spawn(async move {
        let mut clock = Instant::now();
        for n in 0..=count {
            if n == 1 {
                clock = Instant::now();
            }
            client.send(ZmqMessage::from(payload.clone())).await?;
            client.recv().await?;
        }
        ZmqResult::Ok(clock.elapsed())
    });
    let elapsed = requester.await.expect("the requester does not panic")?;
    replier.await.expect("the replier does not panic")?;
    Ok(elapsed)
}

fn workload(task: &Task) -> Outcome {
    if task.transport == "inproc" {
        return Ok(None);
    }
    let runtime = Runtime::new()?;
    let payload = vec![b'x'; task.size];
    let shared = Bytes::from(payload.clone());
    Ok(Some(match &task.workload[..] {
        "send" => runtime.block_on(send(task, move || Bytes::copy_from_slice(&payload)))?,
        "owned" => runtime.block_on(send(task, move || shared.clone()))?,
        "latency" => runtime.block_on(latency(task))?,
        _ => return Ok(None),
    }))
}

fn main() -> ExitCode {
    peer::run(|| "none".to_owned(), workload)
}
