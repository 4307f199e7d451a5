//! Files that hold a libzmq, and the C++ runtime that an archive needs.

use std::env;

/// How a library is linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Into the program, from an archive.
    Static,
    /// By name, to be found when the program starts.
    Shared,
}

/// The libzmq among the files of a directory: the shared one, unless there is an archive only
/// or `statically` asks for it. The name is as the linker wants it, without prefix and suffix.
pub(crate) fn choose(files: &[String], statically: bool) -> Option<(String, Kind)> {
    let has = |name: &str| files.iter().any(|file| file == name);
    let shared =
        ["libzmq.so", "libzmq.dylib", "libzmq.tbd", "libzmq.dll.a"].iter().any(|name| has(name));
    if shared && !statically {
        return Some(("zmq".to_owned(), Kind::Shared));
    }
    if has("libzmq.a") {
        return Some(("zmq".to_owned(), Kind::Static));
    }
    choose_msvc(files, statically)
}

/// MSVC's names tell toolset, kind and version: libzmq-v143-mt-4_3_5.lib belongs to a DLL,
/// libzmq-v143-mt-s-4_3_5.lib is an archive. `gd` marks a debug build; the shorter name wins.
fn choose_msvc(files: &[String], statically: bool) -> Option<(String, Kind)> {
    let stems = files
        .iter()
        .filter_map(|file| file.strip_suffix(".lib"))
        .filter(|stem| stem.contains("zmq"));
    let is_archive = |stem: &str| stem.contains("-mt-s") || stem.ends_with("-static");
    let plain = |stem: &str| stem == "zmq" || stem == "libzmq";
    let fits = |stem: &&str| is_archive(stem) == statically || (statically && plain(stem));
    let stem = stems.filter(fits).min_by_key(|stem| (plain(stem) && statically, stem.len()))?;
    Some((stem.to_owned(), if statically { Kind::Static } else { Kind::Shared }))
}

/// Whether the draft API's functions are among the names that a library has.
pub(crate) fn exports_drafts(library: &[u8]) -> bool {
    const NAME: &[u8] = b"zmq_ctx_set_ext";
    library.windows(NAME.len()).any(|name| name == NAME)
}

/// The C++ runtime library of a target; CXXSTDLIB names another one, as it does for the crate cc.
pub(crate) fn cxx_runtime(target: &str) -> Option<String> {
    println!("cargo::rerun-if-env-changed=CXXSTDLIB");
    if let Ok(name) = env::var("CXXSTDLIB") {
        return Some(name).filter(|name| !name.is_empty());
    }
    let has_libcxx = ["apple", "freebsd", "openbsd"].iter().any(|system| target.contains(system));
    let name = match target {
        _ if target.contains("msvc") => return None,
        _ if target.contains("android") => "c++_shared",
        _ if has_libcxx => "c++",
        _ => "stdc++",
    };
    Some(name.to_owned())
}
