//! The requests and replies, a file each.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
#[cfg(unix)]
use std::thread;
#[cfg(unix)]
use std::time::{Duration, Instant};

use czmq_like::{Error, ErrorKind, Result, ZMsg};
use uuid::Uuid;

use super::disk::{self, TEMPORARY};
use super::{uuid_of, uuid_text};

/// How long the lock may outlive who had it: a process that ends, or one that was forked off and is still to become another.
#[cfg(unix)]
const ENDING: Duration = Duration::from_secs(1);

/// The requests and replies in a folder. Its methods may be called on any thread.
///
/// ```
/// use czmq_like::ZMsg;
/// use guide::titanic::{Found, Store};
///
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path().join(".titanic");
/// let store = Store::open(&folder)?;
/// let uuid = store.accept(&ZMsg::from(["echo", "Hello world"]))?;
/// assert_eq!(store.reply(uuid)?, Found::Pending);
/// store.finish(uuid, &ZMsg::from(["Hello world"]))?;
/// assert_eq!(store.reply(uuid)?, Found::Reply(ZMsg::from(["Hello world"])));
/// store.close(uuid)?;
/// assert_eq!(store.reply(uuid)?, Found::Unknown);
/// # Ok::<(), czmq_like::Error>(())
/// ```
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    // Held to close a request, and to store its reply: else a reply could come to lie there behind the close.
    closing: Mutex<()>,
    // The folder, locked as long as this is open.
    _lock: File,
}

/// What is known of a request's reply.
#[derive(Debug, PartialEq)]
pub enum Found {
    /// The reply.
    Reply(ZMsg),
    /// There is a request, and no reply yet.
    Pending,
    /// There is no such request.
    Unknown,
}

impl Store {
    /// Opens a folder, which is made where there is none, and removes from it what a crash has left half done.
    ///
    /// # Errors
    ///
    /// - [`BadState`](ErrorKind::BadState): another process has it open.
    /// - What the system says.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        let folder = folder.as_ref().to_owned();
        fs::create_dir_all(&folder)?;
        if let Some(parent) = folder.parent() {
            disk::sync(if parent == Path::new("") { Path::new(".") } else { parent })?;
        }
        let store = Self { _lock: lock(&folder)?, folder, closing: Mutex::new(()) };
        for name in store.names()? {
            // A reply without a request is one whose close was not completed
            let is_rest = match reply_of(&name) {
                Some(uuid) => !store.folder.join(request_name(uuid)).exists(),
                None => name.ends_with(TEMPORARY),
            };
            if is_rest {
                disk::remove(&store.folder, &name)?;
            }
        }
        disk::sync(&store.folder)?;
        Ok(store)
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Stores a request, the first frame of which is the service, under a new UUID.
    ///
    /// When it returns, the request outlives a crash of the machine.
    ///
    /// # Errors
    ///
    /// - What the system says, as when the disk is full. Nothing is stored then.
    pub fn accept(&self, request: &ZMsg) -> Result<Uuid> {
        let uuid = Uuid::new_v4();
        disk::replace(&self.folder, &request_name(uuid), &disk::content_of(request)?)?;
        Ok(uuid)
    }

    /// Returns a request; `None` where it was closed.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](ErrorKind::InvalidInput): the file is damaged.
    /// - What the system says.
    pub fn request(&self, uuid: Uuid) -> Result<Option<ZMsg>> {
        disk::read(&self.folder, &request_name(uuid))
    }

    /// Returns the reply to a request, or why there is none.
    ///
    /// # Errors
    ///
    /// As [`request`](Self::request).
    pub fn reply(&self, uuid: Uuid) -> Result<Found> {
        if let Some(reply) = disk::read(&self.folder, &reply_name(uuid))? {
            return Ok(Found::Reply(reply));
        }
        Ok(if self.request(uuid)?.is_some() { Found::Pending } else { Found::Unknown })
    }

    /// Stores the reply to a request, unless that was closed.
    ///
    /// # Errors
    ///
    /// - What the system says.
    pub fn finish(&self, uuid: Uuid, reply: &ZMsg) -> Result<()> {
        let content = disk::content_of(reply)?;
        let _closing = self.closing();
        if !self.folder.join(request_name(uuid)).exists() {
            return Ok(());
        }
        disk::replace(&self.folder, &reply_name(uuid), &content)
    }

    /// Removes a request and its reply, as far as they are there.
    ///
    /// # Errors
    ///
    /// - What the system says.
    pub fn close(&self, uuid: Uuid) -> Result<()> {
        let _closing = self.closing();
        // In this order: a request without a reply would be executed again
        disk::remove(&self.folder, &request_name(uuid))?;
        disk::remove(&self.folder, &reply_name(uuid))?;
        disk::sync(&self.folder)
    }

    /// Returns the requests that have no reply, the oldest first. A reply that is damaged counts as none, and goes.
    ///
    /// # Errors
    ///
    /// - What the system says.
    pub fn unanswered(&self) -> Result<Vec<Uuid>> {
        let mut requests = Vec::new();
        for uuid in self.names()?.iter().filter_map(|name| request_of(name)) {
            match disk::read(&self.folder, &reply_name(uuid)) {
                Ok(Some(_)) => continue,
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::InvalidInput => {
                    disk::remove(&self.folder, &reply_name(uuid))?;
                }
                Err(error) => return Err(error),
            }
            let file = fs::metadata(self.folder.join(request_name(uuid)))?;
            requests.push((file.modified()?, uuid));
        }
        requests.sort();
        Ok(requests.into_iter().map(|(_, uuid)| uuid).collect())
    }

    /// The names in the folder that are text, as all of ours are.
    fn names(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            names.extend(entry?.file_name().into_string());
        }
        Ok(names)
    }

    fn closing(&self) -> MutexGuard<'_, ()> {
        self.closing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn request_name(uuid: Uuid) -> String {
    uuid_text(uuid) + ".req"
}

fn reply_name(uuid: Uuid) -> String {
    uuid_text(uuid) + ".rep"
}

fn request_of(name: &str) -> Option<Uuid> {
    uuid_of(name.strip_suffix(".req")?)
}

fn reply_of(name: &str) -> Option<Uuid> {
    uuid_of(name.strip_suffix(".rep")?)
}

/// Locks a folder against other processes that would open it; a crash unlocks it.
#[cfg(unix)]
fn lock(folder: &Path) -> Result<File> {
    use rustix::fs::{FlockOperation, flock};
    let (file, start) = (File::open(folder)?, Instant::now());
    while flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        if start.elapsed() > ENDING {
            return Err(Error::bad_state("open store", "another process has it open"));
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(file)
}

/// Locks a folder against other processes that would open it; a crash unlocks it.
#[cfg(not(unix))]
fn lock(folder: &Path) -> Result<File> {
    use std::os::windows::fs::OpenOptionsExt;
    let mut options = fs::OpenOptions::new();
    // Shared with nobody
    let file = options.write(true).create(true).truncate(false).share_mode(0);
    file.open(folder.join("lock"))
        .map_err(|_| Error::bad_state("open store", "another process has it open"))
}
