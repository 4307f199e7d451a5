//! Turns the version of the libzmq that is linked into `cfg(libzmq_4_0)` … `cfg(libzmq_4_3)`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=DEP_ZMQ_EXT_VERSION");
    let version = std::env::var("DEP_ZMQ_EXT_VERSION").unwrap_or_default();
    let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
    let linked = (parts.next().flatten(), parts.next().flatten());
    for minor in 0..=3 {
        println!("cargo::rustc-check-cfg=cfg(libzmq_4_{minor})");
        if linked >= (Some(4), Some(minor)) {
            println!("cargo::rustc-cfg=libzmq_4_{minor}");
        }
    }
    // The draft API is 4.3.4's at least: 4.2 had some of it, with other names.
    println!("cargo::rerun-if-env-changed=DEP_ZMQ_EXT_DRAFT");
    println!("cargo::rustc-check-cfg=cfg(libzmq_draft)");
    let has_drafts = std::env::var("DEP_ZMQ_EXT_DRAFT").is_ok_and(|value| value == "1");
    let patch = parts.next().flatten();
    if has_drafts && (linked, patch) >= ((Some(4), Some(3)), Some(4)) {
        println!("cargo::rustc-cfg=libzmq_draft");
    }
    // The tests compare the option table with this header.
    let include = std::env::var("DEP_ZMQ_EXT_INCLUDE").unwrap_or_default();
    println!("cargo::rustc-env=ZMQX_ZMQ_INCLUDE={include}");
}
