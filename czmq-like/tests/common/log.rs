//! The log, for tests to read.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use czmq_like::zsys;

/// What this process has logged since this was made.
#[derive(Debug, Clone)]
pub(crate) struct Logged(Arc<Mutex<Vec<u8>>>);

impl Logged {
    /// Has the log come here, until it is told to go elsewhere.
    pub(crate) fn here() -> Self {
        let logged = Self(Arc::default());
        zsys::set_logstream(Some(Box::new(logged.clone())));
        logged
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
