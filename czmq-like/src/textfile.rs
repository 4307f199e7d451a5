//! Small files of text: certificates, settings, passwords.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;
use zmqx::{Error, Result};

/// The most bytes of a file that are read: none of its kind has more.
const MOST: u64 = 1 << 20;

/// Reads a regular file of a megabyte at most, which is wiped from memory when it is dropped.
pub(crate) fn read(operation: &'static str, path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let named = |error| named(path, &error);
    let invalid = |reason| Error::invalid(operation, format!("{}: {reason}", path.display()));
    // Opening a FIFO would wait for its other end.
    let metadata = fs::metadata(path).map_err(named)?;
    if !metadata.is_file() {
        return Err(invalid("not a regular file"));
    }
    // The room is there from the start: a buffer that grows would leave parts of a secret behind.
    let mut bytes = Zeroizing::new(Vec::new());
    bytes.reserve(usize::try_from(metadata.len().min(MOST)).unwrap_or_default() + 32);
    File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes)).map_err(named)?;
    if bytes.len() as u64 > MOST {
        return Err(invalid("more than a megabyte"));
    }
    Ok(bytes)
}

/// Writes a file whole or not at all: who reads it meanwhile has the one before. A private one is its owner's alone.
pub(crate) fn write(path: &Path, text: &str, is_private: bool) -> Result<()> {
    let written = beside(path).and_then(|fresh| {
        let done = fill(&fresh, text, is_private).and_then(|()| fs::rename(&fresh, path));
        if done.is_err() {
            let _ = fs::remove_file(&fresh);
        }
        done
    });
    Ok(written.map_err(|error| named(path, &error))?)
}

/// A name in the same directory that nothing has, and that stores of certificates pass by.
fn beside(path: &Path) -> io::Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Some(name) = path.file_name() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no name of a file"));
    };
    let nbr = NEXT.fetch_add(1, Ordering::Relaxed);
    let fresh = format!(".{}.{}-{nbr}", name.to_string_lossy(), std::process::id());
    Ok(path.with_file_name(fresh))
}

fn fill(path: &Path, text: &str, is_private: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if is_private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = is_private;
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The error with the name of the file.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// By what it shows that a file has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    /// The file itself, and when it or what is known of it last changed.
    #[cfg(unix)]
    changed: (u64, i64, i64),
}

impl Stamp {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        Self {
            len: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            changed: (metadata.ino(), metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Whether the file has changed so lately that its next change may bear the same time.
    pub(crate) fn is_fresh(&self) -> bool {
        const COARSEST: Duration = Duration::from_secs(2);
        #[cfg(unix)]
        let changed = {
            let since = Duration::from_secs(self.changed.1.try_into().unwrap_or_default());
            SystemTime::UNIX_EPOCH.checked_add(since)
        };
        #[cfg(not(unix))]
        let changed = self.modified;
        // One that changed in the future is fresh, too.
        let age = changed.and_then(|changed| SystemTime::now().duration_since(changed).ok());
        age.is_none_or(|age| age < COARSEST + Duration::from_secs(1))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_has_just_changed_may_change_unseen() {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let changed = |seconds: i64| {
            let at = i64::try_from(now).unwrap() + seconds;
            Stamp { len: 0, modified: None, changed: (0, at, 0) }.is_fresh()
        };
        assert!(changed(0) && changed(-1) && changed(-2) && changed(60));
        assert!(!changed(-5) && !changed(-3600));
    }
}
