//! The signals that end the runner.

use std::sync::mpsc::Sender;

use guide::zhelpers::s_catch_signals;
use zmqx::{PollEvents, PollItem, Result, poll};

use super::Event;

/// Says [`Event::Interrupted`] when SIGINT or SIGTERM comes.
pub(crate) fn watch(events: Sender<Event>) -> Result<()> {
    if !cfg!(unix) {
        return Ok(()); // Ctrl-C ends this process, whose children then end by themselves
    }
    let (interrupt, guard) = s_catch_signals()?;
    std::thread::spawn(move || {
        let _guard = guard;
        while !interrupt.is_triggered() {
            #[cfg(unix)]
            let mut items = [PollItem::from_fd(interrupt.as_fd(), PollEvents::IN)];
            #[cfg(windows)]
            let mut items = [PollItem::from_fd(interrupt.as_socket(), PollEvents::IN)];
            if poll(&mut items, None).is_err() && !interrupt.is_triggered() {
                std::thread::yield_now();
            }
        }
        // Nobody to tell is the end of the runner.
        let _ = events.send(Event::Interrupted);
    });
    Ok(())
}
