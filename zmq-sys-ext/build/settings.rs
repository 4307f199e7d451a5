//! What the environment asks of the build.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// The environment variables that the build script reads.
#[derive(Debug)]
pub(crate) struct Settings {
    /// `ZMQ_LIB_DIR`: the directory of the library, instead of asking pkg-config.
    pub(crate) lib_dir: Option<PathBuf>,
    /// `ZMQ_INCLUDE_DIR`: the directory of its zmq.h.
    pub(crate) include_dir: Option<PathBuf>,
    /// `ZMQ_STATIC`: link the archive, not the shared library.
    pub(crate) statically: bool,
    /// `ZMQ_NO_VENDOR`: build no libzmq from source, whatever the features say.
    pub(crate) no_vendor: bool,
    /// `DOCS_RS`: link nothing.
    pub(crate) docs_rs: bool,
    /// `DEP_ZMQ_INCLUDE`: the header of the libzmq that zmq-sys has built.
    pub(crate) zmq_sys_include: Option<PathBuf>,
}

impl Settings {
    /// Reads them, and has Cargo run the build script again when one changes.
    pub(crate) fn from_env() -> Settings {
        Settings {
            lib_dir: read("ZMQ_LIB_DIR").map(PathBuf::from),
            include_dir: read("ZMQ_INCLUDE_DIR").map(PathBuf::from),
            statically: is_on(read("ZMQ_STATIC")),
            no_vendor: is_on(read("ZMQ_NO_VENDOR")),
            docs_rs: is_on(read("DOCS_RS")),
            zmq_sys_include: read("DEP_ZMQ_INCLUDE").map(PathBuf::from),
        }
    }
}

/// The variable's value; an empty one is as good as none.
fn read(name: &str) -> Option<OsString> {
    println!("cargo::rerun-if-env-changed={name}");
    env::var_os(name).filter(|value| !value.is_empty())
}

/// Whether a switch is on: any value but `0`.
pub(crate) fn is_on(value: Option<OsString>) -> bool {
    value.is_some_and(|value| value != "0")
}
