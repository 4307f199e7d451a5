//! What `zloop/czmq.c` does, over `ZLoop`, for callgrind to count: a frame goes round between two PAIRs of one thread,
//! one of which is a reader, beside others that are idle, and timers. Arguments: readers, timers, events.

use std::time::Duration;

use czmq_like::prelude::*;
use czmq_like::{Error, Result};
use zmqx::{Context, Interrupt};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let number = |index: usize| args.get(index).and_then(|arg| arg.parse().ok());
    let (Some(readers), Some(timers), Some(events)) = (number(1), number(2), number(3)) else {
        return Err(Error::invalid("zloop", "usage: zloop READERS TIMERS EVENTS"));
    };
    let readers: usize = readers;
    // As a ZCtx has it.
    let interrupt = Interrupt::new()?;
    let ctx = Context::builder().max_sockets(4096).interrupt(interrupt).build()?;
    let (input, output) = (ctx.socket(Pair)?, ctx.socket(Pair)?);
    input.bind("inproc://active")?;
    output.connect("inproc://active")?;
    let idle: Vec<Socket<Pull>> =
        (1..readers).map(|_| ctx.socket(Pull)).collect::<std::result::Result<_, _>>()?;

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
    ZFrame::new(&b"0123456789ABCDEF"[..]).send(&output)?;
    let mut left = events;
    let start = std::time::Instant::now();
    reactor.start(&mut left)?;
    eprintln!("{} ns an event", start.elapsed().as_nanos() / events.max(1) as u128);
    Ok(())
}
