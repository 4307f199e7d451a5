//! What a frame looks like, byte for byte as CZMQ prints it.

use std::io::Write;

/// Bytes of text that a line shows at most.
const TEXT: usize = 70;
/// Bytes that a line shows in hexadecimal at most.
const BINARY: usize = 35;

/// Adds the line of a frame's bytes.
pub(super) fn push_line(line: &mut Vec<u8>, prefix: &str, bytes: &[u8]) {
    // DEL is text to CZMQ, and so are the controls from TAB on.
    let is_binary = bytes.iter().any(|byte| !(9..=127).contains(byte));
    let most = if is_binary { BINARY } else { TEXT };
    let shown = &bytes[..bytes.len().min(most)];
    line.extend_from_slice(prefix.as_bytes());
    // Writing to a Vec does not fail.
    let _ = write!(line, "[{:03}] ", bytes.len());
    if is_binary {
        push_hex(line, shown);
    } else {
        line.extend_from_slice(shown);
    }
    line.extend_from_slice(if shown.len() < bytes.len() { b"...\n" } else { b"\n" });
}

/// Adds bytes in hexadecimal.
pub(super) fn push_hex(line: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |half: u8| DIGITS[usize::from(half)];
    line.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
}
