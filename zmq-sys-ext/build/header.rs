//! What zmq.h says about the libzmq that it belongs to.

use std::fs;
use std::path::{Path, PathBuf};

/// The bytes that the bindings reserve for a zmq_msg_t.
const RESERVED: usize = 64;

/// The oldest libzmq that the crates above work with.
const OLDEST: (u32, u32, u32) = (3, 2, 0);

/// A libzmq's version, as major, minor and patch level.
pub(crate) type Version = (u32, u32, u32);

/// The header of the libzmq that is linked.
#[derive(Debug)]
pub(crate) struct Header {
    /// Where zmq.h is.
    pub(crate) dir: PathBuf,
    /// Whether the library has what zmq.h shows to those who ask for drafts.
    pub(crate) has_drafts: bool,
}

/// The version of the libzmq whose header is in `include_dir`, if the bindings suit it.
pub(crate) fn version(include_dir: &Path) -> Result<Version, String> {
    let path = include_dir.join("zmq.h");
    let read = fs::read_to_string(&path).map_err(|error| error.to_string());
    read.and_then(|text| check(&text)).map_err(|error| format!("{}: {error}", path.display()))
}

/// Has Cargo run the build script again when the header changes that was found in `include_dir`.
///
/// Not for one that the build script writes itself: Cargo would take it for changed, each time.
pub(crate) fn watch(include_dir: &Path) {
    println!("cargo::rerun-if-changed={}", include_dir.join("zmq.h").display());
}

/// The version that a header's text gives, if the bindings suit it.
pub(crate) fn check(text: &str) -> Result<Version, String> {
    let level = |name: &str| {
        defined(text, name).ok_or_else(|| format!("does not define {name} as a number"))
    };
    let version =
        (level("ZMQ_VERSION_MAJOR")?, level("ZMQ_VERSION_MINOR")?, level("ZMQ_VERSION_PATCH")?);
    if version < OLDEST {
        return Err(format!("libzmq {} is too old: 3.2 is the oldest that works", dotted(version)));
    }
    let size = message_size(text).ok_or("does not say how large a zmq_msg_t is")?;
    if size > RESERVED {
        return Err(format!("a zmq_msg_t has {size} bytes, and the bindings reserve {RESERVED}"));
    }
    Ok(version)
}

/// The version as it is written: `4.3.4`.
pub(crate) fn dotted((major, minor, patch): Version) -> String {
    format!("{major}.{minor}.{patch}")
}

/// The value of `#define name value`.
fn defined(text: &str, name: &str) -> Option<u32> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next()? == "#define" && words.next()? == name).then(|| words.next()?.parse().ok())?
    })
}

/// The largest N of the `unsigned char _[N]` in the definition of zmq_msg_t.
///
/// A header may have several, for one compiler each.
fn message_size(text: &str) -> Option<usize> {
    let (before, _) = text.split_once("zmq_msg_t;")?;
    let definition = &before[before.rfind("typedef")?..];
    let sizes = definition.split("unsigned char _").skip(1).map(|rest| {
        let (size, _) = rest.trim_start().strip_prefix('[')?.split_once(']')?;
        size.trim().parse().ok()
    });
    sizes.collect::<Option<Vec<usize>>>()?.into_iter().max()
}
