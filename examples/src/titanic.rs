//! Titanic's storage: requests and their replies in files that outlive a crash of the process, or of the machine.
//!
//! The services themselves are in the program; they are those of [9/TSP](https://rfc.zeromq.org/spec/9/).
//!
//! # What is in the folder
//!
//! - `UUID.req`, a request: its service and its body. As soon as this is on the disk, the request is accepted.
//! - `UUID.rep`, the reply.
//! - `queue`, a line for each request, in their order: `-UUID` while it waits, `+UUID` when it is done.
//!
//! Requests and replies are written under another name, synced, renamed, and the folder synced, so that each is there
//! whole or not at all; a checksum at the end tells one that was cut nonetheless. The queue is but an index: at the start
//! it is written anew from the requests that are there, in the order of the old one as far as that can be read.

mod disk;
mod queue;
mod store;

use czmq_like::ZFrame;
use uuid::Uuid;

pub use queue::{Entry, Queue};
pub use store::{Found, Store};

/// Returns the UUID that a client sent, where it is one: 32 hexadecimal digits.
///
/// ```
/// use czmq_like::ZFrame;
/// use guide::titanic::{parse_uuid, uuid_text};
///
/// let text = "0123456789ABCDEF0123456789ABCDEF";
/// assert_eq!(parse_uuid(&ZFrame::new(text)).map(uuid_text).as_deref(), Some(text));
/// assert_eq!(parse_uuid(&ZFrame::new("../../../../../../etc/passwd.req")), None);
/// ```
pub fn parse_uuid(frame: &ZFrame) -> Option<Uuid> {
    uuid_of(std::str::from_utf8(frame.data()).ok()?)
}

/// Returns the UUID as TSP has it: 32 hexadecimal digits.
pub fn uuid_text(uuid: Uuid) -> String {
    format!("{:X}", uuid.simple())
}

fn uuid_of(text: &str) -> Option<Uuid> {
    // The crate reads other spellings too, which are no names of files
    let is_plain = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    Uuid::try_parse(text).ok().filter(|_| is_plain)
}
