//! The one `Interrupt` of the process, which every `ZCtx` carries, and what SIGINT and SIGTERM have to do with it.

use std::mem;
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zmqx::interrupt::SignalGuard;
use zmqx::{ErrorKind, Interrupt, PollEvents, PollItem, Result};

/// Who handles the two signals.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Handler {
    /// The signals trigger the `Interrupt`, while there is a ZCtx or `catch_interrupts` was called.
    Interrupt,
    /// Nobody here.
    Nobody,
    /// A function of the program's.
    Function(fn(i32)),
}

/// What is in place; dropping it puts the earlier dispositions back.
enum InPlace {
    Nothing,
    Interrupt { _guard: Option<SignalGuard> },
    Function { _watcher: watcher::Watcher },
}

struct State {
    /// Whose all this is: a child after fork begins anew.
    process: u32,
    /// It is never freed, so that its descriptor can be lent for ever.
    interrupt: Option<&'static Interrupt>,
    contexts: usize,
    is_caught: bool,
    handler: Handler,
    in_place: InPlace,
}

impl State {
    const fn new(process: u32) -> Self {
        let (interrupt, contexts, is_caught) = (None, 0, false);
        let (handler, in_place) = (Handler::Interrupt, InPlace::Nothing);
        Self { process, interrupt, contexts, is_caught, handler, in_place }
    }

    fn interrupt(&mut self) -> Result<&'static Interrupt> {
        if let Some(interrupt) = self.interrupt {
            return Ok(interrupt);
        }
        let interrupt = Box::leak(Box::new(Interrupt::new()?));
        self.interrupt = Some(interrupt);
        Ok(interrupt)
    }

    /// Puts in place what is wanted now.
    fn arrange(&mut self) -> Result<()> {
        let is_wanted = self.contexts > 0 || self.is_caught;
        match (self.handler, &self.in_place) {
            (Handler::Interrupt, InPlace::Interrupt { .. }) if is_wanted => {}
            (Handler::Interrupt, _) if is_wanted => {
                self.in_place = InPlace::Nothing;
                let guard = self.interrupt()?.on_signals(SIGNALS);
                let guard = match guard.map(SignalGuard::end_on_repeat) {
                    Ok(guard) => Some(guard),
                    // A platform without signals does without.
                    Err(error) if error.kind() == ErrorKind::Unsupported => None,
                    Err(error) => return Err(error),
                };
                self.in_place = InPlace::Interrupt { _guard: guard };
            }
            (Handler::Function(_), InPlace::Function { .. }) => {}
            (Handler::Function(function), _) => {
                self.in_place = InPlace::Nothing;
                let watcher = watcher::Watcher::new(function)?;
                self.in_place = InPlace::Function { _watcher: watcher };
            }
            _ => self.in_place = InPlace::Nothing,
        }
        Ok(())
    }
}

#[cfg(unix)]
const SIGNALS: &[i32] = &[zmqx::interrupt::SIGINT, zmqx::interrupt::SIGTERM];
#[cfg(not(unix))]
const SIGNALS: &[i32] = &[];

static STATE: Mutex<State> = Mutex::new(State::new(0));

fn lock() -> MutexGuard<'static, State> {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    let process = process::id();
    if state.process != process {
        let handler = state.handler;
        // What was in place is the parent's, and its drop does nothing here.
        drop(mem::replace(&mut *state, State::new(process)));
        state.handler = handler;
    }
    state
}

/// Returns the `Interrupt`.
pub(crate) fn shared() -> Result<&'static Interrupt> {
    lock().interrupt()
}

/// Returns the `Interrupt`, where there is one already.
pub(crate) fn existing() -> Option<&'static Interrupt> {
    lock().interrupt
}

/// Has the signals handled for as long as the process runs, or until `reset`.
pub(crate) fn catch() -> Result<()> {
    let mut state = lock();
    state.is_caught = true;
    state.arrange().inspect_err(|_| state.is_caught = false)
}

/// Changes who handles the signals, from now on.
pub(crate) fn set_handler(handler: Handler) -> Result<()> {
    let mut state = lock();
    state.handler = handler;
    state.in_place = InPlace::Nothing;
    state.arrange()
}

/// Puts the earlier dispositions back. The next ZCtx has the signals handled as if it were the first.
pub(crate) fn reset() {
    let mut state = lock();
    (state.handler, state.is_caught) = (Handler::Interrupt, false);
    state.in_place = InPlace::Nothing;
}

/// A ZCtx's wish to have the signals handled while it lives.
#[derive(Debug)]
pub(crate) struct Caught {
    process: u32,
}

impl Caught {
    pub(crate) fn new() -> Result<Self> {
        let mut state = lock();
        state.contexts += 1;
        if let Err(error) = state.arrange() {
            state.contexts -= 1;
            return Err(error);
        }
        Ok(Self { process: state.process })
    }
}

impl Drop for Caught {
    fn drop(&mut self) {
        // In a child after fork it is its parent's wish.
        if self.process != process::id() {
            return;
        }
        let mut state = lock();
        state.contexts -= 1;
        if state.contexts == 0 && !state.is_caught {
            if let InPlace::Interrupt { .. } = state.in_place {
                state.in_place = InPlace::Nothing;
            }
        }
    }
}

/// Makes an item that is readable while `interrupt` is triggered.
pub(crate) fn item(interrupt: &Interrupt) -> PollItem<'_> {
    #[cfg(unix)]
    return PollItem::from_fd(interrupt.as_fd(), PollEvents::IN);
    #[cfg(windows)]
    return PollItem::from_fd(interrupt.as_socket(), PollEvents::IN);
}

mod watcher {
    use std::thread;

    use zmqx::interrupt::SignalGuard;
    use zmqx::{Error, Interrupt, Result, poll};

    /// A thread that calls a function of the program's for each signal: there, unlike in a signal's handler, it may do
    /// anything.
    pub(super) struct Watcher {
        end: Interrupt,
        _guard: SignalGuard,
    }

    impl Watcher {
        pub(super) fn new(function: fn(i32)) -> Result<Self> {
            let (signals, end) = (Interrupt::new()?, Interrupt::new()?);
            let guard = signals.on_signals(super::SIGNALS)?;
            let ended = end.clone();
            let watch = move || {
                while !ended.is_triggered() {
                    // It can fail only by a signal, and is then called again.
                    let _ = poll(&mut [super::item(&signals), super::item(&ended)], None);
                    signals.clear();
                    signals.take_signals().into_iter().for_each(function);
                }
            };
            let thread = thread::Builder::new().name("zsys-handler".to_owned()).spawn(watch);
            thread.map_err(Error::from)?;
            Ok(Self { end, _guard: guard })
        }
    }

    impl Drop for Watcher {
        fn drop(&mut self) {
            self.end.trigger();
        }
    }
}
