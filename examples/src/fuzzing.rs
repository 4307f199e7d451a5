//! Parsers that are nobody's API, for the fuzz targets in the repository's `fuzz/`. There only with `--cfg fuzzing`.

use czmq_like::ZMsg;

/// Takes the protocol's frames off a message of a broker's, and returns the command, where it is one.
pub fn worker_command(msg: &mut ZMsg) -> Option<&'static str> {
    crate::mdwrkapi::command(msg)
}
