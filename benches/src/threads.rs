//! The workloads of threads that have a pipe to their parent.

use std::thread;

use czmq_like::prelude::*;

use crate::Library;
use crate::raw::{self, Raw};
use crate::workload::{PAIRS, Transport, connected};

/// Starts a thread that echoes a frame to its parent, and ends.
pub fn raw_fork(context: &raw::Context) {
    let [parent, child] = connected::<Raw>(context, Transport::Inproc, PAIRS);
    let thread = thread::spawn(move || {
        let mut message = raw::Message::default();
        Raw::recv(&child, &mut message);
        Raw::forward(&child, &mut message);
    });
    Raw::send(&parent, b"frame", false);
    Raw::recv(&parent, &mut raw::Message::default());
    thread.join().unwrap();
}

/// Starts a thread, by zthread, that echoes a frame to its parent, and ends.
pub fn fork(ctx: &ZCtx) {
    let pipe = zthread::fork(ctx, |_, pipe| Ok(ZFrame::recv(&pipe)?.send(&pipe)?)).unwrap();
    round_trip(&pipe);
    // It has ended when it says no more.
    assert!(ZFrame::recv(&pipe).is_err());
}

/// Starts a thread, by zthread, that echoes what comes until its parent is gone.
pub fn echo(ctx: &ZCtx) -> Socket<Pair> {
    let task = |_, pipe: Socket<Pair>| {
        while let Ok(frame) = ZFrame::recv(&pipe) {
            frame.send(&pipe)?;
        }
        Ok(())
    };
    zthread::fork(ctx, task).unwrap()
}

/// Sends a frame by a pipe, and receives it again.
pub fn round_trip(pipe: &Socket<Pair>) {
    zstr::send(pipe, "frame").unwrap();
    ZFrame::recv(pipe).unwrap();
}
