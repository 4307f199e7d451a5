//! Files that are there whole, or not at all.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use czmq_like::{Error, Result, ZMsg};

/// How the names of files end that are not whole yet.
pub(super) const TEMPORARY: &str = ".tmp";

/// Writes a file so that after a crash at any time it has the old content, or all of the new one.
pub(super) fn replace(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    let temporary = folder.join(format!("{name}{TEMPORARY}"));
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(content)?;
        // Before the rename: else the new name may be on the disk earlier than the content
        file.sync_all()?;
        fs::rename(&temporary, folder.join(name))
    });
    if let Err(error) = written {
        // As on a full disk, where it would take room; at the start it goes in any case
        let _ = fs::remove_file(&temporary);
        return Err(error.into());
    }
    sync(folder)
}

/// Removes a file, where there is one. [`sync`] makes that last.
pub(super) fn remove(folder: &Path, name: &str) -> Result<()> {
    match fs::remove_file(folder.join(name)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Has what was done to the names in a folder outlive a crash of the machine.
pub(super) fn sync(folder: &Path) -> Result<()> {
    // Elsewhere a folder cannot be opened as a file
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Returns a message as the content of a file: the frames as zmsg_save has them, and a last one with their checksum.
pub(super) fn content_of(msg: &ZMsg) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    msg.save(&mut content)?;
    ZMsg::from([checksum(&content)]).save(&mut content)?;
    Ok(content)
}

/// Reads the file of a message; `None` where there is none.
///
/// # Errors
///
/// - `InvalidInput`: it is not what was written.
pub(super) fn read(folder: &Path, name: &str) -> Result<Option<ZMsg>> {
    let content = match fs::read(folder.join(name)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        content => content?,
    };
    let damaged = || Error::invalid("read message", format!("{name} is damaged"));
    let mut msg = ZMsg::load(&content[..])?;
    // Of no frames at all, where it was cut to nothing
    let last = msg.size().checked_sub(1).and_then(|last| msg.remove(last)).ok_or_else(damaged)?;
    let length = content.len() - size_of::<usize>() - last.size();
    if last != checksum(&content[..length])[..] {
        return Err(damaged());
    }
    Ok(Some(msg))
}

/// FNV-1a, of 64 bits.
fn checksum(content: &[u8]) -> [u8; 8] {
    let hash = content.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3)
    });
    hash.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use czmq_like::{ErrorKind, ZMsg};

    use super::{checksum, content_of, read, replace};

    #[test]
    fn the_checksum_is_fnv_1a() {
        assert_eq!(checksum(b""), 0xCBF2_9CE4_8422_2325_u64.to_be_bytes());
        assert_eq!(checksum(b"a"), 0xAF63_DC4C_8601_EC8C_u64.to_be_bytes());
        assert_eq!(checksum(b"foobar"), 0x8594_4171_F739_67E8_u64.to_be_bytes());
    }

    #[test]
    fn a_file_that_was_cut_or_changed_anywhere_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let msg = ZMsg::from(["echo", "", "Hello", "world", ""]);
        let content = content_of(&msg).unwrap();
        replace(folder.path(), "file", &content).unwrap();
        assert_eq!(read(folder.path(), "file").unwrap(), Some(msg));
        for len in 0..content.len() {
            replace(folder.path(), "file", &content[..len]).unwrap();
            let error = read(folder.path(), "file").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "cut at {len}");
            let mut changed = content.clone();
            changed[len] ^= 1;
            replace(folder.path(), "file", &changed).unwrap();
            assert!(read(folder.path(), "file").is_err(), "changed at {len}");
        }
        assert_eq!(read(folder.path(), "another").unwrap(), None);
    }
}
