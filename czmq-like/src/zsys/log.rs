//! The log: a line for each thing worth knowing, with its severity and the time.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use crate::zclock;

struct Log {
    ident: String,
    stream: Stream,
}

enum Stream {
    Stdout,
    Own(Box<dyn Write + Send>),
    None,
}

static LOG: Mutex<Log> = Mutex::new(Log { ident: String::new(), stream: Stream::Stdout });

/// Logs what went wrong: "E: 26-11-21 09:30:00 …".
#[doc(alias = "zsys_error")]
pub fn error(text: impl Display) {
    write('E', &text);
}

/// Logs what may go wrong: "W: 26-11-21 09:30:00 …".
#[doc(alias = "zsys_warning")]
pub fn warning(text: impl Display) {
    write('W', &text);
}

/// Logs what is normal, but worth a look: "N: 26-11-21 09:30:00 …".
#[doc(alias = "zsys_notice")]
pub fn notice(text: impl Display) {
    write('N', &text);
}

/// Logs what happens: "I: 26-11-21 09:30:00 …".
#[doc(alias = "zsys_info")]
pub fn info(text: impl Display) {
    write('I', &text);
}

/// Logs what only its programmer wants to know: "D: 26-11-21 09:30:00 …".
#[doc(alias = "zsys_debug")]
pub fn debug(text: impl Display) {
    write('D', &text);
}

/// Sets a name that stands in each line, in parentheses; with an empty one, none does.
#[doc(alias = "zsys_set_logident")]
pub fn set_logident(ident: impl Into<String>) {
    lock().ident = ident.into();
}

/// Sets where the lines go, which is stdout at first; with `None` they go nowhere.
///
/// ```
/// use czmq_like::zsys;
///
/// zsys::set_logstream(Some(Box::new(std::io::stderr())));
/// zsys::set_logident("broker");
/// zsys::info("ready"); // I: (broker) 26-11-21 09:30:00 ready
/// ```
#[doc(alias = "zsys_set_logstream")]
pub fn set_logstream(stream: Option<Box<dyn Write + Send>>) {
    let before = std::mem::replace(&mut lock().stream, stream.map_or(Stream::None, Stream::Own));
    // Not under the lock: its drop may log.
    drop(before);
}

fn lock() -> std::sync::MutexGuard<'static, Log> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write(level: char, text: &dyn Display) {
    // Not under the lock: what is displayed may log.
    let text = text.to_string();
    let mut log = lock();
    let ident = if log.ident.is_empty() { String::new() } else { format!("({}) ", log.ident) };
    let line = format!("{level}: {ident}{} {text}\n", zclock::timestr());
    // As in C, whether anybody reads it is not this program's trouble.
    let _ = match &mut log.stream {
        Stream::Stdout => io::stdout().write_all(line.as_bytes()),
        Stream::Own(stream) => stream.write_all(line.as_bytes()).and_then(|()| stream.flush()),
        Stream::None => Ok(()),
    };
}
