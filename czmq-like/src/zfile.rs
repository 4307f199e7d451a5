//! Files and directories: what the Guide needs of the class `zfile`, which the standard library has under other names.
//!
//! ```
//! use czmq_like::zfile;
//!
//! # let dir = std::env::temp_dir().join(format!("zfile-{}", std::process::id()));
//! # let titanic = dir.join(".titanic");
//! zfile::mkdir(&titanic)?; // with those above it
//! let filename = titanic.join("queue");
//! std::fs::write(&filename, "Hello")?;
//! assert!(zfile::exists(&filename));
//! assert_eq!(zfile::size(&filename)?, 5);
//! zfile::delete(&filename)?;
//! assert!(!zfile::exists(&filename));
//! zfile::rmdir(&titanic)?;
//! # zfile::rmdir(&dir)?;
//! # Ok::<(), std::io::Error>(())
//! ```

use std::fs;
use std::path::Path;

use zmqx::Result;

/// Tells whether there is a file or directory of this name.
#[doc(alias = "zfile_exists")]
pub fn exists(filename: impl AsRef<Path>) -> bool {
    filename.as_ref().exists()
}

/// Returns how many bytes a file has.
///
/// # Errors
///
/// - What the system says, as [`NotFound`](crate::ErrorKind::NotFound).
#[doc(alias = "zfile_size")]
pub fn size(filename: impl AsRef<Path>) -> Result<u64> {
    Ok(fs::metadata(filename)?.len())
}

/// Deletes a file.
///
/// # Errors
///
/// - What the system says, as [`NotFound`](crate::ErrorKind::NotFound).
#[doc(alias = "zfile_delete")]
pub fn delete(filename: impl AsRef<Path>) -> Result<()> {
    Ok(fs::remove_file(filename)?)
}

/// Makes a directory, and those above it that are missing. One that is there is fine.
///
/// # Errors
///
/// - What the system says, as [`PermissionDenied`](crate::ErrorKind::PermissionDenied).
#[doc(alias("zfile_mkdir", "zsys_dir_create"))]
pub fn mkdir(pathname: impl AsRef<Path>) -> Result<()> {
    Ok(fs::create_dir_all(pathname)?)
}

/// Removes an empty directory.
///
/// # Errors
///
/// - What the system says, as [`NotFound`](crate::ErrorKind::NotFound).
#[doc(alias = "zfile_rmdir")]
pub fn rmdir(pathname: impl AsRef<Path>) -> Result<()> {
    Ok(fs::remove_dir(pathname)?)
}
