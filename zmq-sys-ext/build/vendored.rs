//! libzmq 4.3.5, built from the source in the crate zeromq-src.

use std::env;
use std::path::PathBuf;

use zeromq_src::{Build, LibLocation};

use crate::header::Header;

/// Builds and links it, and gives its header.
pub(crate) fn build() -> Result<Header, String> {
    let sodium = if cfg!(feature = "curve") { Some(sodium()?) } else { None };
    set_flags();
    Build::new().with_libsodium(sodium).enable_draft(cfg!(feature = "draft")).build();
    // zeromq-src copies the headers there, and gives no name for it.
    let out_dir =
        env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: this is a build script for Cargo")?;
    let dir = PathBuf::from(out_dir).join("source").join("include");
    Ok(Header { dir, has_drafts: cfg!(feature = "draft") })
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

/// What libzmq's own configuration finds on every Linux, and zeromq-src, which configures nothing, leaves out. Without it
/// TCP keepalive, BINDTODEVICE, PRIORITY and the names and processors of threads are quietly not set, IPC filters are
/// refused, descriptors are inherited by what is executed, and each mailbox takes two of them.
const LINUX: [&str; 21] = [
    "HAVE_ACCEPT4",
    "HAVE_CLOCK_GETTIME",
    "HAVE_FORK",
    "HAVE_IF_NAMETOINDEX",
    "HAVE_MKDTEMP",
    "HAVE_POSIX_MEMALIGN",
    "ZMQ_HAVE_EVENTFD",
    "ZMQ_HAVE_EVENTFD_CLOEXEC",
    "ZMQ_HAVE_IFADDRS",
    "ZMQ_HAVE_NOEXCEPT",
    "ZMQ_HAVE_O_CLOEXEC",
    "ZMQ_HAVE_PTHREAD_SETNAME_2",
    "ZMQ_HAVE_PTHREAD_SET_AFFINITY",
    "ZMQ_HAVE_SOCK_CLOEXEC",
    "ZMQ_HAVE_SO_BINDTODEVICE",
    "ZMQ_HAVE_SO_KEEPALIVE",
    "ZMQ_HAVE_SO_PEERCRED",
    "ZMQ_HAVE_SO_PRIORITY",
    "ZMQ_HAVE_TCP_KEEPCNT",
    "ZMQ_HAVE_TCP_KEEPIDLE",
    "ZMQ_HAVE_TCP_KEEPINTVL",
];

/// Tells the C++ compiler what zeromq-src does not; and to say nothing of libzmq's source but errors, as Cargo would
/// show it all.
fn set_flags() {
    println!("cargo::rerun-if-env-changed=CXXFLAGS");
    let mut flags = env::var_os("CXXFLAGS").unwrap_or_default();
    flags.push(" -w");
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        for name in LINUX {
            flags.push(format!(" -D{name}=1"));
        }
        // What it aligns its queues to, for HAVE_POSIX_MEMALIGN.
        flags.push(" -DZMQ_CACHELINE_SIZE=64");
    }
    // SAFETY: set_var wants no other thread in the environment; the build script has none yet.
    unsafe { env::set_var("CXXFLAGS", flags) };
}
