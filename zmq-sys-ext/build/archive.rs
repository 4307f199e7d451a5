//! Links an archive of libzmq, with what it needs.

use std::env;
use std::path::Path;

use crate::library;

/// Links the archive of libzmq in `lib_dir`, and what it needs: as its libzmq.pc says, or else
/// the C++ runtime and, on Windows, the system's libraries.
pub(crate) fn link(lib_dir: &Path, name: &str, needed: Option<&pkg_config::Library>) {
    println!("cargo::rustc-link-search=native={}", lib_dir.display());
    println!("cargo::rustc-link-lib=static={name}");
    let mut libraries = vec![];
    if let Some(needed) = needed {
        for path in &needed.link_paths {
            println!("cargo::rustc-link-search=native={}", path.display());
        }
        for framework in &needed.frameworks {
            println!("cargo::rustc-link-lib=framework={framework}");
        }
        libraries.extend(needed.libs.iter().filter(|library| *library != "zmq").cloned());
    } else if env::var("CARGO_CFG_WINDOWS").is_ok() {
        libraries.extend(["advapi32", "iphlpapi", "rpcrt4", "ws2_32"].map(str::to_owned));
    }
    libraries.extend(library::cxx_runtime(&env::var("TARGET").unwrap_or_default()));
    libraries.sort_unstable();
    libraries.dedup();
    for library in libraries {
        println!("cargo::rustc-link-lib={library}");
    }
}
