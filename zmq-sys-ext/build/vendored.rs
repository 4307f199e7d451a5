//! libzmq 4.3.5, built from the source in the crate zeromq-src.

use std::env;
use std::path::PathBuf;

use zeromq_src::{Build, LibLocation};

/// Builds and links it, and gives its header's directory.
pub(crate) fn build() -> Result<PathBuf, String> {
    let sodium = if cfg!(feature = "curve") { Some(sodium()?) } else { None };
    quiet();
    Build::new().with_libsodium(sodium).build();
    // zeromq-src copies the headers there, and gives no name for it.
    let out_dir =
        env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: this is a build script for Cargo")?;
    Ok(PathBuf::from(out_dir).join("source").join("include"))
}

/// The libsodium that gives it CURVE: what libsodium-sys-stable has built, or what its variables
/// SODIUM_LIB_DIR and SODIUM_USE_PKG_CONFIG point it to. It is linked statically.
fn sodium() -> Result<LibLocation, String> {
    let directory = |variable: &str| {
        println!("cargo::rerun-if-env-changed={variable}");
        env::var_os(variable).map(PathBuf::from)
    };
    let by_pkg_config =
        |variable| pkg_config::get_variable("libsodium", variable).ok().map(PathBuf::from);
    let given = directory("SODIUM_LIB_DIR");
    let beside = given.as_ref().and_then(|dir| Some(dir.parent()?.join("include")));
    let lib_dir = directory("DEP_SODIUM_LIB").or(given).or_else(|| by_pkg_config("libdir"));
    let include_dir =
        directory("DEP_SODIUM_INCLUDE").or(beside).or_else(|| by_pkg_config("includedir"));
    match (lib_dir, include_dir) {
        (Some(lib_dir), Some(include_dir)) => Ok(LibLocation::new(lib_dir, include_dir)),
        _ => Err(
            "feature `curve`: neither libsodium-sys-stable nor pkg-config says where libsodium is"
                .to_owned(),
        ),
    }
}

/// Has the C++ compiler say nothing of libzmq's source but errors: Cargo would show it all.
fn quiet() {
    println!("cargo::rerun-if-env-changed=CXXFLAGS");
    let mut flags = env::var_os("CXXFLAGS").unwrap_or_default();
    flags.push(" -w");
    // SAFETY: set_var wants no other thread in the environment; the build script has none yet.
    unsafe { env::set_var("CXXFLAGS", flags) };
}
