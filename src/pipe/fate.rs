//! What is known of one end of a pipe: whether it has left, and how.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::raw::errno;

/// How long the other end waits for a report that was announced, after the end that it is about was dropped. A task
/// that drops it as one of its last acts needs microseconds; one that goes on without it is not to keep the other.
const GRACE: Duration = Duration::from_secs(1);

const THERE: u8 = 0;
const LEFT: u8 = 1;
const PANICKED: u8 = 2;
const FAILED: u8 = 3;
/// It has left, and its report is to come.
const LEAVING: u8 = 4;

/// How the one who had an end came to his own.
#[derive(Debug)]
pub(super) enum Outcome {
    Left,
    Panicked,
    Failed(Error),
}

impl Outcome {
    pub(super) fn of_this_thread() -> Self {
        if std::thread::panicking() { Self::Panicked } else { Self::Left }
    }
}

#[derive(Debug)]
pub(super) struct Fate {
    /// What `state` comes to, for a look without the lock.
    shown: AtomicU8,
    state: Mutex<State>,
    reported: Condvar,
}

#[derive(Debug, Default)]
struct State {
    left_at: Option<Instant>,
    is_report_to_come: bool,
    /// The first that was said.
    outcome: Option<Outcome>,
}

impl Fate {
    pub(super) fn new() -> Self {
        let (state, reported) = (Mutex::default(), Condvar::new());
        Self { shown: AtomicU8::new(THERE), state, reported }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, state: &State) {
        let shown = match (state.left_at, &state.outcome) {
            (None, _) => THERE,
            (_, Some(Outcome::Panicked)) => PANICKED,
            (_, Some(Outcome::Failed(_))) => FAILED,
            (_, None) if state.is_report_to_come => LEAVING,
            _ => LEFT,
        };
        self.shown.store(shown, Ordering::SeqCst);
        self.reported.notify_all();
    }

    pub(super) fn announce(&self) {
        self.lock().is_report_to_come = true;
    }

    /// Takes note that the end is dropped, perhaps by a panic.
    pub(super) fn leave(&self) {
        let mut state = self.lock();
        state.left_at = Some(Instant::now());
        if let outcome @ Outcome::Panicked = Outcome::of_this_thread() {
            state.outcome.get_or_insert(outcome);
        }
        self.show(&state);
    }

    /// Takes note of the report. A second one is not heard.
    pub(super) fn end(&self, outcome: Outcome) {
        let mut state = self.lock();
        state.is_report_to_come = false;
        state.outcome.get_or_insert(outcome);
        self.show(&state);
    }

    pub(super) fn has_left(&self) -> bool {
        self.shown.load(Ordering::SeqCst) != THERE
    }

    /// The errno of what needs this end, where it is gone.
    pub(super) fn check(&self) -> Result<(), i32> {
        match self.shown.load(Ordering::SeqCst) {
            THERE => Ok(()),
            LEAVING => Err(self.wait()),
            shown => Err(errno_of(shown)),
        }
    }

    #[cold]
    fn wait(&self) -> i32 {
        let state = self.lock();
        let since = state.left_at.map_or(GRACE, |left| left.elapsed());
        let is_leaving = |_: &mut State| self.shown.load(Ordering::SeqCst) == LEAVING;
        let left = GRACE.saturating_sub(since);
        drop(self.reported.wait_timeout_while(state, left, is_leaving));
        errno_of(self.shown.load(Ordering::SeqCst))
    }

    /// The error that it left.
    pub(super) fn reported(&self) -> Option<Error> {
        match &self.lock().outcome {
            Some(Outcome::Failed(error)) => Some(error.again()),
            _ => None,
        }
    }
}

fn errno_of(shown: u8) -> i32 {
    match shown {
        PANICKED => errno::PANICKED,
        FAILED => errno::REPORTED,
        _ => errno::DISCONNECTED,
    }
}
