//! Finds libzmq, or builds it, and tells the crates above its version and where its header is.

use std::process::ExitCode;

#[path = "build/advice.rs"]
mod advice;
#[path = "build/archive.rs"]
mod archive;
#[cfg(feature = "bindgen")]
#[path = "build/bindgen.rs"]
mod bindgen;
#[path = "build/directory.rs"]
mod directory;
#[path = "build/header.rs"]
mod header;
#[path = "build/library.rs"]
mod library;
#[path = "build/settings.rs"]
mod settings;
#[path = "build/system.rs"]
mod system;
#[cfg(any(feature = "vendored", feature = "fallback"))]
#[path = "build/vendored.rs"]
mod vendored;

use header::Header;
use settings::Settings;

/// The version whose header the checked-in bindings were made from, which is also zmq-sys's.
const CHECKED_IN: header::Version = (4, 3, 4);

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rustc-check-cfg=cfg(fresh_bindings)");
    match run(&Settings::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\n{message}\n");
            ExitCode::FAILURE
        }
    }
}

fn run(settings: &Settings) -> Result<(), String> {
    let header = if settings.docs_rs { None } else { link(settings)? };
    let mut version = CHECKED_IN;
    if let Some(Header { dir, has_drafts }) = &header {
        version = header::version(dir)?;
        println!("cargo::metadata=include={}", dir.display());
        println!("cargo::rustc-env=ZMQ_SYS_EXT_INCLUDE={}", dir.display());
        if *has_drafts && cfg!(feature = "draft") {
            println!("cargo::metadata=draft=1");
        }
        #[cfg(feature = "bindgen")]
        bindgen::write(dir, version >= CHECKED_IN)?;
    }
    println!("cargo::metadata=version={}", header::dotted(version));
    println!("cargo::rustc-env=ZMQ_SYS_EXT_VERSION={}", header::dotted(version));
    Ok(())
}

/// Links libzmq in the first of the ways that apply, and gives its header.
fn link(settings: &Settings) -> Result<Option<Header>, String> {
    if cfg!(feature = "zmq-sys") {
        if settings.no_vendor {
            println!(
                "cargo::warning=ZMQ_NO_VENDOR cannot keep the crate zmq-sys from building a libzmq"
            );
        }
        let dir = settings.zmq_sys_include.clone();
        return Ok(dir.map(|dir| Header { dir, has_drafts: false }));
    }
    let header = match &settings.lib_dir {
        Some(lib_dir) => directory::link(lib_dir, settings)?,
        None if cfg!(feature = "vendored") && !settings.no_vendor => build()?,
        None => match system::link(settings) {
            Ok(header) => header,
            Err(system::Error::NotFound(_))
                if cfg!(feature = "fallback") && !settings.no_vendor =>
            {
                build()?
            }
            Err(system::Error::NotFound(why)) => {
                return Err(advice::not_found(&why, settings.no_vendor));
            }
            Err(system::Error::Unusable(why)) => return Err(why),
        },
    };
    Ok(Some(header))
}

#[cfg(any(feature = "vendored", feature = "fallback"))]
fn build() -> Result<Header, String> {
    vendored::build()
}

#[cfg(not(any(feature = "vendored", feature = "fallback")))]
fn build() -> Result<Header, String> {
    Err(advice::not_found("neither feature `vendored` nor `fallback` is on.", false))
}
