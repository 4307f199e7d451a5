//! The requests that wait, in their order: in memory, and in a file of a line each.

use std::collections::{HashSet, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};

use czmq_like::Result;
use uuid::Uuid;

use super::{Store, disk, uuid_of, uuid_text};

/// The name of the file.
const QUEUE: &str = "queue";

/// How many bytes the file may have before it is emptied when nothing waits.
const LARGE: u64 = 1 << 20;

/// The requests that wait for their reply.
///
/// ```
/// use czmq_like::ZMsg;
/// use guide::titanic::{Queue, Store};
///
/// # let folder = tempfile::tempdir()?;
/// let store = Store::open(folder.path())?;
/// let mut queue = Queue::open(&store)?;
/// let uuid = store.accept(&ZMsg::from(["echo", "Hello world"]))?;
/// queue.push(uuid)?;
///
/// // After a crash
/// drop((queue, store));
/// let store = Store::open(folder.path())?;
/// let mut queue = Queue::open(&store)?;
/// let entry = queue.pop().expect("it waits");
/// assert_eq!(entry.uuid, uuid);
/// queue.done(entry)?;
/// # Ok::<(), czmq_like::Error>(())
/// ```
#[derive(Debug)]
pub struct Queue {
    file: File,
    end: u64,
    waiting: VecDeque<Entry>,
}

/// A request that waits.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its UUID.
    pub uuid: Uuid,
    /// Where its line begins.
    at: u64,
}

impl Queue {
    /// Opens the queue of a store, and writes it anew: those requests that have no reply, whatever the old one says. That
    /// says only in which order.
    ///
    /// # Errors
    ///
    /// - What the system says.
    pub fn open(store: &Store) -> Result<Self> {
        let old = match fs::read(store.folder().join(QUEUE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            old => old?,
        };
        let unanswered = store.unanswered()?;
        // Those that the old queue does not know came last
        let mut left: HashSet<_> = unanswered.iter().copied().collect();
        let mut uuids: Vec<_> = uuids(&old).filter(|uuid| left.remove(uuid)).collect();
        uuids.extend(unanswered.into_iter().filter(|uuid| left.contains(uuid)));
        let lines: String = uuids.iter().map(|uuid| line(*uuid)).collect();
        disk::replace(store.folder(), QUEUE, lines.as_bytes())?;
        let mut file = OpenOptions::new().write(true).open(store.folder().join(QUEUE))?;
        let end = file.seek(SeekFrom::End(0))?;
        let mut queue = Self { file, end: 0, waiting: VecDeque::new() };
        for uuid in uuids {
            queue.wait(uuid);
        }
        debug_assert_eq!(queue.end, end);
        Ok(queue)
    }

    /// Adds a request, as one that waits.
    ///
    /// # Errors
    ///
    /// - What the system says. The request waits nonetheless.
    pub fn push(&mut self, uuid: Uuid) -> Result<()> {
        if self.waiting.is_empty() && self.end > LARGE {
            self.file.set_len(0)?;
            self.end = 0;
        }
        let at = self.end;
        self.wait(uuid);
        self.write(at, &line(uuid))
    }

    /// Returns how many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Returns whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes the first one that waits.
    pub fn pop(&mut self) -> Option<Entry> {
        self.waiting.pop_front()
    }

    /// Puts one back that has to wait on, behind the others.
    pub fn retry(&mut self, entry: Entry) {
        self.waiting.push_back(entry);
    }

    /// Marks one as processed.
    ///
    /// # Errors
    ///
    /// - What the system says. It does not wait any more nonetheless.
    pub fn done(&mut self, entry: Entry) -> Result<()> {
        self.write(entry.at, "+")
    }

    fn wait(&mut self, uuid: Uuid) {
        self.waiting.push_back(Entry { uuid, at: self.end });
        self.end += line(uuid).len() as u64;
    }

    // Not synced: after a crash of the machine the requests tell what waits
    fn write(&mut self, at: u64, text: &str) -> Result<()> {
        self.file.seek(SeekFrom::Start(at))?;
        Ok(self.file.write_all(text.as_bytes())?)
    }
}

/// The UUID prefixed with '-' for pending.
fn line(uuid: Uuid) -> String {
    format!("-{}\n", uuid_text(uuid))
}

/// The UUIDs of a file that may be cut anywhere, or have gaps where a line was lost.
fn uuids(content: &[u8]) -> impl Iterator<Item = Uuid> {
    // The ends of lines are LF or CRLF
    content.split(|byte| *byte == b'\n').filter_map(|line| {
        let line = std::str::from_utf8(line).ok()?;
        let line = line.strip_suffix('\r').unwrap_or(line);
        uuid_of(line.strip_prefix(['-', '+'])?)
    })
}
