//! The libzmq that ZMQ_LIB_DIR and ZMQ_INCLUDE_DIR point to.

use std::fs;
use std::path::{Path, PathBuf};

use crate::archive;
use crate::header::{self, Header};
use crate::library::{self, Kind};
use crate::settings::Settings;

/// Links the library in `lib_dir`, and gives its header.
pub(crate) fn link(lib_dir: &Path, settings: &Settings) -> Result<Header, String> {
    let include_dir = include_dir(lib_dir, settings.include_dir.as_deref())?;
    let (name, kind) =
        choose(lib_dir, settings.statically).map_err(|why| format!("ZMQ_LIB_DIR: {why}"))?;
    match kind {
        Kind::Static => {
            let described = lib_dir.join("pkgconfig").join("libzmq.pc");
            let needed = described.is_file().then(|| needed(&described)).flatten();
            archive::link(lib_dir, &name, needed.as_ref());
        }
        Kind::Shared => {
            println!("cargo::rustc-link-search=native={}", lib_dir.display());
            println!("cargo::rustc-link-lib=dylib={name}");
        }
    }
    header::watch(&include_dir);
    let has_drafts = cfg!(feature = "draft") && has_drafts(lib_dir, &name);
    Ok(Header { dir: include_dir, has_drafts })
}

/// Whether the library of that name has the draft API. Nothing says so, but that it has its functions.
fn has_drafts(lib_dir: &Path, name: &str) -> bool {
    let files = ["so", "dylib", "tbd", "dll.a", "a"].map(|suffix| format!("lib{name}.{suffix}"));
    let mut files = files.iter().cloned().chain([format!("{name}.lib")]);
    files.any(|file| {
        fs::read(lib_dir.join(file)).is_ok_and(|library| library::exports_drafts(&library))
    })
}

/// The libzmq to link in `lib_dir`, by the name that the linker knows it by.
pub(crate) fn choose(lib_dir: &Path, statically: bool) -> Result<(String, Kind), String> {
    let unreadable = |error| format!("cannot read the directory {}: {error}", lib_dir.display());
    let entries = fs::read_dir(lib_dir).map_err(unreadable)?;
    let names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    library::choose(&names, statically).ok_or_else(|| {
        let wanted = if statically {
            "archive of libzmq (libzmq.a), which ZMQ_STATIC asks for"
        } else {
            "libzmq"
        };
        format!("there is no {wanted} in {}", lib_dir.display())
    })
}

/// Where zmq.h is: what ZMQ_INCLUDE_DIR says, or the `include` that belongs to `lib_dir`.
///
/// A distribution may have its libraries one level deeper than its headers: lib/x86_64-linux-gnu.
fn include_dir(lib_dir: &Path, asked: Option<&Path>) -> Result<PathBuf, String> {
    let candidates: Vec<PathBuf> = match asked {
        Some(dir) => vec![dir.to_path_buf()],
        None => lib_dir.ancestors().skip(1).take(2).map(|above| above.join("include")).collect(),
    };
    if let Some(dir) = candidates.iter().find(|dir| dir.join("zmq.h").is_file()) {
        return Ok(dir.clone());
    }
    let looked: Vec<String> = candidates.iter().map(|dir| dir.display().to_string()).collect();
    let looked = looked.join(" or ");
    Err(match asked {
        Some(_) => format!("ZMQ_INCLUDE_DIR: there is no zmq.h in {looked}"),
        None => {
            format!("ZMQ_LIB_DIR: there is no zmq.h in {looked}; ZMQ_INCLUDE_DIR says where it is")
        }
    })
}

/// What the archive's own libzmq.pc says that it needs.
fn needed(described: &Path) -> Option<pkg_config::Library> {
    let probed = pkg_config::Config::new()
        .statik(true)
        .cargo_metadata(false)
        .probe(&described.display().to_string());
    if let Err(error) = &probed {
        println!(
            "cargo::warning=pkg-config cannot say what {} needs: {error}",
            described.display()
        );
    }
    probed.ok()
}
