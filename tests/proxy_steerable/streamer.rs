//! A proxy to be steered, with its peers.

use std::thread::{self, JoinHandle};

use zmqx::{
    Context, Multipart, Open, Pull, Push, Receives, Result, Sends, Socket, proxy_steerable,
};

use crate::common::{connected, connected_over, inproc};

/// A streamer, with what goes in, what comes out, and what steers it.
pub(crate) struct Streamer<K: zmqx::Kind> {
    pub(crate) source: Socket<Push>,
    pub(crate) sink: Socket<Pull>,
    pub(crate) steer: Socket<K>,
    pub(crate) running: JoinHandle<Result<()>>,
}

/// Starts a PULL and PUSH with a proxy between them, that `control` steers over `endpoint`.
pub(crate) fn streamer_over<C: Open, S: Open>(
    ctx: &Context,
    endpoint: &str,
    control: C,
    steer: S,
) -> Streamer<S::Kind> {
    let (frontend, source) = connected(ctx, Pull, Push);
    let (backend, sink) = connected(ctx, Push, Pull);
    let (control, steer) = connected_over(ctx, endpoint, control, steer);
    let running = thread::spawn(move || proxy_steerable(&frontend, &backend, &control));
    Streamer { source, sink, steer, running }
}

pub(crate) fn streamer<C: Open, S: Open>(ctx: &Context, control: C, steer: S) -> Streamer<S::Kind> {
    streamer_over(ctx, &inproc(), control, steer)
}

impl<K: Sends + Receives> Streamer<K> {
    /// Says a command to a REP, which answers.
    pub(crate) fn tell(&self, command: &str) -> Multipart {
        self.steer.send(command).unwrap();
        self.steer.recv_multipart().unwrap()
    }

    /// Says a command to a REP, which has nothing to say.
    pub(crate) fn order(&self, command: &str) {
        assert_eq!(self.tell(command), [""], "{command}");
    }
}

pub(crate) fn numbers(frames: &Multipart) -> Vec<u64> {
    frames.iter().map(|frame| u64::from_ne_bytes(frame[..].try_into().unwrap())).collect()
}
