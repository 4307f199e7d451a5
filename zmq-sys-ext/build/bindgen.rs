//! Makes the bindings from a zmq.h: what is checked in, and what feature `bindgen` compares with.

use std::path::Path;
use std::{env, fs};

use bindgen::callbacks::{IntKind, ParseCallbacks};

/// What the hand-written src/types.rs has, because it differs by platform or by version.
const BY_HAND: &str = "zmq_msg_t|zmq_pollitem_t|zmq_fd_t";

/// What has types of a platform's own headers, is of 3.2 and 4.0 only, or tells the release.
const LEFT_OUT: &str =
    "zmq_ppoll|zmq_sendiov|zmq_recviov|iovec|zmq_event(_data)?_t|ZMQ_VERSION.*|ZMQ_DEFINED_STDINT";

/// What is in the header for those alone who ask for drafts, as far as it is declared.
const DRAFT_FUNCTIONS: &str = "zmq_(ctx_[gs]et_ext|join|leave|connect_peer|msg_(set_)?(routing_id|group)|\
    msg_init_buffer|poller_.*|socket_get_peer_state|socket_monitor_versioned|socket_monitor_pipes_stats)";
const DRAFT_CONSTANTS: &str = "ZMQ_(SERVER|CLIENT|RADIO|DISH|GATHER|SCATTER|DGRAM|PEER|CHANNEL|ZERO_COPY_RECV|\
    EVENT_PIPES_STATS)";

#[derive(Debug)]
struct ConstantsAreInts;

impl ParseCallbacks for ConstantsAreInts {
    fn int_macro(&self, _name: &str, _value: i64) -> Option<IntKind> {
        Some(IntKind::Int)
    }
}

/// The bindings of the stable functions and constants in `include_dir`/zmq.h, as Rust source.
fn stable(include_dir: &Path) -> Result<String, String> {
    let builder = builder(include_dir)?
        .allowlist_function("zmq_.*")
        .allowlist_type("zmq_.*")
        .allowlist_var("ZMQ_.*|EFSM|ENOCOMPATPROTO|ETERM|EMTHREAD")
        .raw_line("use crate::types::{zmq_msg_t, zmq_pollitem_t};");
    generate(builder, include_dir)
}

/// Those of the drafts.
fn drafts(include_dir: &Path) -> Result<String, String> {
    let builder = builder(include_dir)?
        .clang_arg("-DZMQ_BUILD_DRAFT_API=1")
        .allowlist_function(DRAFT_FUNCTIONS)
        .allowlist_var(DRAFT_CONSTANTS)
        .raw_line("use crate::types::{zmq_fd_t, zmq_msg_t};");
    generate(builder, include_dir)
}

fn builder(include_dir: &Path) -> Result<bindgen::Builder, String> {
    let msrv = bindgen::RustTarget::stable(85, 0).map_err(|error| error.to_string())?;
    let header = include_dir.join("zmq.h");
    Ok(bindgen::Builder::default()
        .header(header.display().to_string())
        .clang_arg(format!("-I{}", include_dir.display()))
        .blocklist_item(BY_HAND)
        .blocklist_item(LEFT_OUT)
        .parse_callbacks(Box::new(ConstantsAreInts))
        .rust_target(msrv)
        .use_core()
        .merge_extern_blocks(true)
        .generate_comments(false)
        .layout_tests(false)
        .formatter(bindgen::Formatter::Prettyplease)
        .disable_header_comment())
}

fn generate(builder: bindgen::Builder, include_dir: &Path) -> Result<String, String> {
    builder.generate().map(|bindings| bindings.to_string()).map_err(|error| {
        format!("bindgen cannot read {}: {error}", include_dir.join("zmq.h").display())
    })
}

/// Writes them to OUT_DIR, the stable ones to bindings.rs, from where the library takes them if `fresh`: a header older
/// than that of the checked-in bindings lacks constants that the crates above use.
pub(crate) fn write(include_dir: &Path, fresh: bool) -> Result<(), String> {
    let out_dir =
        env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: this is a build script for Cargo")?;
    for (name, text) in [("bindings.rs", stable(include_dir)?), ("drafts.rs", drafts(include_dir)?)]
    {
        let path = Path::new(&out_dir).join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if fresh {
        println!("cargo::rustc-cfg=fresh_bindings");
    }
    Ok(())
}
