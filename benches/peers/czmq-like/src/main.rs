//! czmq-like, as a program of the Guide uses it: frames are ZFrames, messages are ZMsgs, and ZLoop waits.

use std::process::ExitCode;
use std::time::Instant;

use czmq_like::Result;
use czmq_like::prelude::*;
use peer::{Outcome, Task, two_threads};
use zmqx::Open;

type Ends<B, C> = (Socket<<B as Open>::Kind>, Socket<<C as Open>::Kind>);

fn pair<B: Open, C: Open>(ctx: &ZCtx, endpoint: &str, binds: B, connects: C) -> Result<Ends<B, C>> {
    let (bound, connected) = (ctx.socket(binds)?, ctx.socket(connects)?);
    connected.connect(bound.bind(endpoint)?)?;
    Ok((bound, connected))
}

/// One way, between two threads: copies of a slice, or handles to what is owned.
fn send(task: &Task, mut frame: impl FnMut() -> ZFrame + Send) -> Result<Duration> {
    let ctx = ZCtx::new()?;
    let (sink, source) = pair(&ctx, &task.endpoint, Pull, Push)?;
    two_threads(
        task.count,
        move |count| {
            for _ in 0..count {
                frame().send(&source)?;
            }
            Ok(())
        },
        |count| {
            for _ in 0..count {
                assert_eq!(ZFrame::recv(&sink)?.size(), task.size);
            }
            Ok(())
        },
    )
}

/// There and back, between two threads.
fn latency(task: &Task) -> Result<Duration> {
    let ctx = ZCtx::new()?;
    let (server, client) = pair(&ctx, &task.endpoint, Rep, Req)?;
    let payload = vec![b'x'; task.size];
    two_threads(
        task.count,
        move |count| {
            for _ in 0..count {
                ZFrame::recv(&server)?.send(&server)?;
            }
            Ok(())
        },
        |count| {
            for _ in 0..count {
                ZFrame::new(&payload[..]).send(&client)?;
                ZFrame::recv(&client)?;
            }
            Ok(())
        },
    )
}

/// On one thread.
fn single(task: &Task) -> Result<Duration> {
    let ctx = ZCtx::new()?;
    let (sink, source) = pair(&ctx, &task.endpoint, Pair, Pair)?;
    let payload = vec![b'x'; task.size];
    let clock = Instant::now();
    for _ in 0..task.count {
        ZFrame::new(&payload[..]).send(&source)?;
        assert_eq!(ZFrame::recv(&sink)?.size(), task.size);
    }
    Ok(clock.elapsed())
}

/// A multipart message goes to and fro.
fn multipart(task: &Task) -> Result<Duration> {
    let ctx = ZCtx::new()?;
    let (one, other) = pair(&ctx, &task.endpoint, Pair, Pair)?;
    let msg: ZMsg = (0..task.size).map(|_| "0123456789ABCDEF").collect();
    msg.send(&one)?;
    let clock = Instant::now();
    for _ in 0..task.count / 2 {
        for socket in [&other, &one] {
            let msg = ZMsg::recv(socket)?;
            assert_eq!(msg.size(), task.size);
            msg.send(socket)?;
        }
    }
    Ok(clock.elapsed())
}

fn forward(from: &Socket<impl Receives>, to: &Socket<impl Sends>) -> Result<()> {
    loop {
        let frame = ZFrame::recv(from)?;
        if !frame.more() {
            return Ok(frame.send(to)?);
        }
        frame.send_more(to)?;
    }
}

fn forward_multipart(from: &Socket<impl Receives>, to: &Socket<impl Sends>) -> Result<()> {
    Ok(ZMsg::recv(from)?.send(to)?)
}

/// Client, broker and worker on one thread.
fn broker(task: &Task, whole: bool) -> Result<Duration> {
    let ctx = ZCtx::new()?;
    let (frontend, client) = pair(&ctx, &task.endpoint, Router, Dealer)?;
    let (backend, worker) = pair(&ctx, &format!("{}-backend", task.endpoint), Dealer, Dealer)?;
    let payload = vec![b'x'; task.size];
    let clock = Instant::now();
    for _ in 0..task.count {
        ZFrame::new(&payload[..]).send(&client)?;
        if whole {
            forward_multipart(&frontend, &backend)?;
            forward_multipart(&worker, &worker)?;
            forward_multipart(&backend, &frontend)?;
        } else {
            forward(&frontend, &backend)?;
            forward(&worker, &worker)?;
            forward(&backend, &frontend)?;
        }
        assert_eq!(ZFrame::recv(&client)?.size(), task.size);
    }
    Ok(clock.elapsed())
}

/// One socket is active, the others are idle, and no timer is due.
fn reactor(task: &Task, readers: usize, timers: usize) -> Result<Duration> {
    let ctx = ZCtx::new()?;
    let (output, input) = pair(&ctx, &task.endpoint, Pair, Pair)?;
    let idle = (1..readers).map(|_| ctx.socket(Pull)).collect::<Result<Vec<_>>>()?;
    let mut reactor = ZLoop::new()?;
    for socket in &idle {
        reactor.reader(socket, |_, _, _| ())?;
    }
    reactor.reader(&input, |_, input, left: &mut usize| {
        let frame = ZFrame::recv(input)?;
        if *left == 0 {
            return Ok(Break(()));
        }
        *left -= 1;
        frame.send(&output)?;
        Ok(Continue(()))
    })?;
    for _ in 0..timers {
        reactor.timer(Duration::from_secs(1000), 0, |_, _, _| ())?;
    }
    ZFrame::new("0123456789ABCDEF").send(&output)?;
    let mut left = task.count;
    let clock = Instant::now();
    reactor.start(&mut left)?;
    Ok(clock.elapsed())
}

fn workload(task: &Task) -> Outcome {
    let payload = vec![b'x'; task.size];
    Ok(Some(match &task.workload[..] {
        "send" => send(task, move || ZFrame::new(&payload[..]))?,
        "owned" => {
            let mut owned = ZFrame::new(payload);
            send(task, move || owned.share())?
        }
        "latency" => latency(task)?,
        "single" => single(task)?,
        "multipart" => multipart(task)?,
        "broker" => broker(task, false)?,
        "broker-multipart" => broker(task, true)?,
        "readers" => reactor(task, task.size, 0)?,
        "timers" => reactor(task, 1, task.size)?,
        _ => return Ok(None),
    }))
}

fn main() -> ExitCode {
    peer::run(|| zmqx::version().to_string(), workload)
}
