//! Standard input: the Enter that a program waits for, and, under the runner, the tie to its life.

use std::io::BufRead;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The lines that were read, where a thread watches the input.
static LINES: OnceLock<Mutex<Receiver<()>>> = OnceLock::new();

/// Ends this process as soon as its standard input is closed.
///
/// The runner holds the other end of that pipe, so that no program outlives it, however it ends.
pub fn end_with() {
    let (sender, lines) = channel();
    if LINES.set(Mutex::new(lines)).is_err() {
        return;
    }
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if line.is_err() || sender.send(()).is_err() {
                break;
            }
        }
        std::process::exit(1);
    });
}

/// Waits until Enter is pressed, or standard input ends.
pub fn getchar() {
    match LINES.get() {
        Some(lines) => {
            // An error would be the end of the thread above, which ends the process.
            let _ = lines.lock().unwrap_or_else(PoisonError::into_inner).recv();
        }
        None => {
            let _ = std::io::stdin().lock().read_line(&mut String::new());
        }
    }
}
