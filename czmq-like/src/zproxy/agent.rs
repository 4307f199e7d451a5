//! The task of a proxy: it takes commands, and has another thread hand the messages on.

use std::str::EscapeDebug;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, channel};

use zmqx::{
    Any, Error, ErrorKind, Pair, PollEvents, Push, Result, Socket, poll, proxy_steerable,
    proxy_steerable_with_capture,
};

use super::Failure;
use super::side::{ProxySide, Side};
use crate::{ZCtx, ZMsg, ZSock, ZSocket, zstr, zsys, zthread};

/// What fails, in the error of a command.
pub(super) const COMMAND: &str = "command ZProxy";

/// Takes commands until one is $TERM.
pub(super) fn run(ctx: ZCtx, pipe: &Socket<Pair>, failure: &Failure) -> Result<()> {
    let mut agent = Agent::new(ctx);
    ZSocket::signal(pipe, 0)?;
    loop {
        let mut items = vec![pipe.poll_item(PollEvents::IN)];
        items.extend(agent.steer.as_ref().map(|steer| steer.0.poll_item(PollEvents::IN)));
        poll(&mut items, None)?;
        if items.get(1).is_some_and(|item| item.is_readable()) {
            // The loop says nothing unless it is asked, or ends.
            agent.ended()?;
        }
        if !items[0].is_readable() {
            continue;
        }
        let words: Vec<String> = ZMsg::recv(pipe)?.into_iter().map(|word| word.strdup()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if words == ["$TERM"] {
            return agent.stop();
        }
        let status = match agent.obey(&words) {
            Ok(()) => 0,
            // There is nobody left to be told.
            Err(error)
                if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::Terminated) =>
            {
                return Err(error);
            }
            Err(error) => {
                zsys::error(format!("zproxy: {}: {error}", name_of(&words)));
                *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                1
            }
        };
        ZSocket::signal(pipe, status)?;
    }
}

/// What of a command may be shown: that of CURVE has a secret key, in whatever place it was put.
fn name_of<'a>(words: &[&'a str]) -> EscapeDebug<'a> {
    words.first().copied().unwrap_or_default().escape_debug()
}

/// The sockets that the loop has while it runs.
struct Sockets {
    sides: [Socket<Any>; 2],
    capture: Option<Socket<Push>>,
}

/// The parent's end of the loop's pipe, and where it gives the sockets back when it ends.
struct Steer(Socket<Pair>, Receiver<Sockets>);

struct Agent {
    ctx: ZCtx,
    frontend: Side,
    backend: Side,
    capture: Option<Socket<Push>>,
    has_capture: bool,
    is_paused: bool,
    is_verbose: bool,
    /// Once it has begun.
    steer: Option<Steer>,
}

impl Agent {
    fn new(ctx: ZCtx) -> Self {
        Self {
            ctx,
            frontend: Side::default(),
            backend: Side::default(),
            capture: None,
            has_capture: false,
            is_paused: false,
            is_verbose: false,
            steer: None,
        }
    }

    fn obey(&mut self, words: &[&str]) -> Result<()> {
        if self.is_verbose {
            zsys::info(format!("zproxy: API command={}", name_of(words)));
        }
        match words {
            [side @ ("FRONTEND" | "BACKEND"), kind, endpoints, topics @ ..] => {
                let ctx = self.ctx.shadow();
                self.side(side)?.open(&ctx, kind, endpoints, topics)?;
                self.start()
            }
            ["CAPTURE", endpoints] => self.capture(endpoints),
            ["PAUSE"] => {
                self.is_paused = true;
                self.tell("PAUSE")
            }
            ["RESUME"] => {
                self.is_paused = false;
                self.tell("RESUME")
            }
            ["VERBOSE"] => {
                self.is_verbose = true;
                Ok(())
            }
            ["DOMAIN", side, domain] => self.side(side)?.set_domain(domain),
            ["PLAIN", side] => self.side(side)?.set_plain(),
            ["CURVE", side, public, secret] => self.side(side)?.set_curve(public, secret),
            _ => Err(Error::invalid(COMMAND, "no such command, or not with so many words")),
        }
    }

    fn side(&mut self, name: &str) -> Result<&mut Side> {
        Ok(match ProxySide::named(name)? {
            ProxySide::Frontend => &mut self.frontend,
            ProxySide::Backend => &mut self.backend,
        })
    }

    fn capture(&mut self, endpoints: &str) -> Result<()> {
        if self.has_capture {
            return Err(Error::bad_state(COMMAND, "it has a capture already"));
        }
        let capture = ZSock::new_push(&self.ctx, endpoints)?;
        self.has_capture = true;
        // The loop begins anew with it. What it had in hand is there again.
        self.stop()?;
        self.capture = Some(capture);
        self.start()
    }

    /// Begins the loop, if it has what it needs.
    fn start(&mut self) -> Result<()> {
        let (frontend, backend) = match (self.frontend.socket.take(), self.backend.socket.take()) {
            (Some(frontend), Some(backend)) => (frontend, backend),
            (frontend, backend) => {
                (self.frontend.socket, self.backend.socket) = (frontend, backend);
                return Ok(());
            }
        };
        let sockets = Sockets { sides: [frontend, backend], capture: self.capture.take() };
        let (give_back, given_back) = channel();
        let (begin, begun) = channel::<()>();
        let steer = zthread::fork(&self.ctx, move |_, control| {
            // What it is to begin with has been told.
            let _ = begun.recv();
            let [frontend, backend] = &sockets.sides;
            let ended = match &sockets.capture {
                Some(capture) => proxy_steerable_with_capture(frontend, backend, capture, &control),
                None => proxy_steerable(frontend, backend, &control),
            };
            // Nobody wants them any more where the agent has gone.
            let _ = give_back.send(sockets);
            ended
        })?;
        if self.is_paused {
            // It comes before any message.
            zstr::send(&steer, "PAUSE")?;
        }
        drop(begin);
        self.steer = Some(Steer(steer, given_back));
        Ok(())
    }

    /// Steers the loop, if there is one, and waits until that was obeyed.
    fn tell(&self, command: &str) -> Result<()> {
        let Some(Steer(steer, _)) = &self.steer else { return Ok(()) };
        zstr::send(steer, command)?;
        // It is answered behind the command.
        zstr::send(steer, "STATISTICS")?;
        ZMsg::recv(steer).map(drop)
    }

    /// The error that the loop has ended by.
    fn ended(&self) -> Result<()> {
        let Some(Steer(steer, _)) = &self.steer else { return Ok(()) };
        ZMsg::recv(steer).map(drop)
    }

    /// Ends the loop, if there is one, and takes its sockets back.
    fn stop(&mut self) -> Result<()> {
        let Some(Steer(steer, given_back)) = self.steer.take() else { return Ok(()) };
        // It is refused only where the loop has ended.
        let _ = zstr::send(&steer, "TERMINATE");
        let gone = |_| Error::bad_state(COMMAND, "the loop has panicked");
        let Sockets { sides: [frontend, backend], capture } = given_back.recv().map_err(gone)?;
        (self.frontend.socket, self.backend.socket) = (Some(frontend), Some(backend));
        self.capture = capture;
        Ok(())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // So that the sockets are closed when the actor has ended, however it ends.
        let _ = self.stop();
    }
}
