//! The system's libzmq, which pkg-config knows.

use std::path::{Path, PathBuf};

use crate::advice;
use crate::archive;
use crate::directory;
use crate::header::{self, Header};
use crate::library::Kind;
use crate::settings::Settings;

/// The oldest libzmq that will do.
const OLDEST: &str = "3.2";

/// Why the system's libzmq cannot be linked.
#[derive(Debug)]
pub(crate) enum Error {
    /// pkg-config finds none: one may be built instead.
    NotFound(String),
    /// There is one, but not all that it takes to link it.
    Unusable(String),
}

/// Links the libzmq that pkg-config finds, and gives its header.
pub(crate) fn link(settings: &Settings) -> Result<Header, Error> {
    if settings.include_dir.is_some() {
        return Err(Error::Unusable(
            "ZMQ_INCLUDE_DIR is set, and ZMQ_LIB_DIR is not: the two go together.".to_owned(),
        ));
    }
    let mut config = pkg_config::Config::new();
    config.atleast_version(OLDEST);
    if settings.statically {
        config.statik(true).cargo_metadata(false);
    }
    let found = config.probe("libzmq").map_err(|error| Error::NotFound(explain(error)))?;
    if settings.statically {
        link_archive(&found).map_err(Error::Unusable)?;
    }
    let dir = header_dir(&found).ok_or_else(|| Error::Unusable(no_header(&found)))?;
    header::watch(&dir);
    // libzmq's own build writes so into the libzmq.pc.
    let has_drafts = found.defines.contains_key("ZMQ_BUILD_DRAFT_API");
    Ok(Header { dir, has_drafts })
}

/// Links the archive beside the shared library: pkg-config's `--static` only lists what it needs,
/// and the linker would still prefer the shared library.
fn link_archive(found: &pkg_config::Library) -> Result<(), String> {
    let lib_dir = found
        .link_paths
        .iter()
        .find(|dir| matches!(directory::choose(dir, true), Ok((_, Kind::Static))));
    let lib_dir = lib_dir.ok_or_else(|| {
        let version = &found.version;
        format!(
            "ZMQ_STATIC: the system's libzmq {version} has no archive, libzmq.a.\n\
             Set ZMQ_LIB_DIR to the directory of one."
        )
    })?;
    archive::link(lib_dir, "zmq", Some(found));
    Ok(())
}

/// The directory of zmq.h, which some pkg-configs leave out of the flags where it is a usual one.
fn header_dir(found: &pkg_config::Library) -> Option<PathBuf> {
    let has_header = |dir: &PathBuf| dir.join("zmq.h").is_file();
    let variable = || pkg_config::get_variable("libzmq", "includedir").ok().map(PathBuf::from);
    found
        .include_paths
        .iter()
        .find(|dir| has_header(dir))
        .cloned()
        .or_else(|| variable().filter(has_header))
}

/// pkg-config knows a libzmq whose header is not there.
fn no_header(found: &pkg_config::Library) -> String {
    let dirs: Vec<_> =
        found.include_paths.iter().map(|dir| Path::display(dir).to_string()).collect();
    format!(
        "pkg-config knows libzmq {}, but zmq.h is not where it says ({}).",
        found.version,
        dirs.join(", ")
    )
}

/// pkg-config's error, in the words of someone who wants to build a program.
fn explain(error: pkg_config::Error) -> String {
    match error {
        pkg_config::Error::Command { command, cause } => {
            advice::no_pkg_config(&command, &cause.to_string())
        }
        pkg_config::Error::CrossCompilation => advice::cross_compiling(),
        pkg_config::Error::EnvNoPkgConfig(variable) => {
            format!("{variable} is set, so pkg-config is not asked.")
        }
        pkg_config::Error::Failure { output, .. }
        | pkg_config::Error::ProbeFailure { output, .. } => {
            let said = String::from_utf8_lossy(&output.stderr);
            format!(
                "pkg-config finds none of version {OLDEST} or later. It says:\n{}",
                said.trim_end()
            )
        }
        other => other.to_string(),
    }
}
