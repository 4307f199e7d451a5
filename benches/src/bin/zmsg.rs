//! What `zmsg/raw.c` and `zmsg/czmq.c` do, over czmq-like: messages that are received and sent on. Arguments: frames, messages.

use czmq_like::prelude::*;

fn main() -> czmq_like::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let number = |index: usize| args.get(index).and_then(|arg| arg.parse().ok()).unwrap_or(0);
    let (frames, count): (usize, usize) = (number(1), number(2));
    let ctx = ZCtx::new()?;
    let (one, other) = (ctx.socket(Pair)?, ctx.socket(Pair)?);
    one.bind("inproc://bench")?;
    other.connect("inproc://bench")?;
    let msg: ZMsg = (0..frames).map(|_| [0; 16]).collect();
    msg.send(&one)?;
    for _ in 0..count {
        ZMsg::recv(&other)?.send(&other)?;
        ZMsg::recv(&one)?.send(&one)?;
    }
    assert_eq!(ZMsg::recv(&other)?.size(), frames);
    Ok(())
}
