//! The checked-in bindings say what the header says that was found.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::mem::{align_of, offset_of, size_of};
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use zmq_sys_ext::{zmq_fd_t, zmq_msg_t, zmq_pollitem_t};

const CHECKED_IN: &str = include_str!("../src/bindings.rs");

/// The found header, or none where the build had none to show (zmq-sys, DOCS_RS).
fn header() -> Option<String> {
    let path = Path::new(option_env!("ZMQ_SYS_EXT_INCLUDE")?).join("zmq.h");
    fs::read_to_string(path).ok()
}

/// Whether the found header is older than the one that the checked-in bindings were made from.
fn is_older() -> bool {
    let levels: Vec<u32> =
        env!("ZMQ_SYS_EXT_VERSION").split('.').filter_map(|level| level.parse().ok()).collect();
    levels < vec![4, 3, 4]
}

/// Whether an item is to be the same as in the found header: libzmq has changed a few since 3.2.
fn is_comparable(name: &str) -> bool {
    let grown = ["ZMQ_EVENT_ALL", "ZMQ_GROUP_MAX_LENGTH"];
    let has_grown = name.ends_with("_DFLT") || grown.contains(&name);
    let was_bool = name == "zmq_atomic_counter_dec";
    !(is_older() && (has_grown || was_bool))
}

/// The constants of the checked-in bindings.
fn constants() -> BTreeMap<&'static str, i64> {
    let lines =
        CHECKED_IN.lines().filter_map(|line| line.strip_prefix("pub const ")?.strip_suffix(';'));
    let pairs = lines.filter_map(|line| line.split_once(": ::core::ffi::c_int = "));
    pairs.filter_map(|(name, value)| Some((name, value.parse().ok()?))).collect()
}

/// The header's text without what is between `#ifdef ZMQ_BUILD_DRAFT_API` and its `#endif`.
fn without_drafts(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let stable = text.lines().filter(|line| {
        let directive =
            line.trim_start().strip_prefix('#').map(str::trim_start).unwrap_or_default();
        if depth > 0 {
            depth +=
                i32::from(directive.starts_with("if")) - i32::from(directive.starts_with("endif"));
            return false;
        }
        depth = i32::from(directive.starts_with("ifdef ZMQ_BUILD_DRAFT_API"));
        depth == 0
    });
    stable.collect()
}

/// The value of a macro's text: a number, a name, or `(ZMQ_HAUSNUMERO + 51)`.
fn value(text: &str, known: &BTreeMap<&str, i64>) -> Option<i64> {
    let text = text.split("/*").next()?.trim().trim_start_matches('(').trim_end_matches(')').trim();
    if let Some((left, right)) = text.split_once('+') {
        return Some(value(left, known)? + value(right, known)?);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok();
    }
    text.parse().ok().or_else(|| known.get(text).copied())
}

/// The constants of libzmq that the header defines, without those about its version.
fn defined(text: &str) -> BTreeMap<&str, i64> {
    const OWN_ERRORS: [&str; 4] = ["EFSM", "ENOCOMPATPROTO", "ETERM", "EMTHREAD"];
    let known = constants();
    let lines =
        without_drafts(text).into_iter().filter_map(|line| line.trim().strip_prefix("#define "));
    let pairs = lines.filter_map(|line| line.trim().split_once(char::is_whitespace));
    let own = pairs.filter(|(name, _)| {
        let about_zmq = name.starts_with("ZMQ_")
            && !name.starts_with("ZMQ_VERSION")
            && *name != "ZMQ_DEFINED_STDINT";
        about_zmq || OWN_ERRORS.contains(name)
    });
    own.filter_map(|(name, text)| Some((name, value(text, &known)?))).collect()
}

#[test]
fn every_constant_of_the_header_has_its_value() {
    let Some(text) = header() else { return };
    let (ours, theirs) = (constants(), defined(&text));
    assert!(theirs.len() > 55, "only {} constants were read from zmq.h", theirs.len());
    for (name, value) in theirs.iter().filter(|(name, _)| is_comparable(name)) {
        assert_eq!(ours.get(name), Some(value), "{name}");
    }
    if !is_older() {
        let extra: Vec<_> = ours.keys().filter(|name| !theirs.contains_key(*name)).collect();
        assert!(extra.is_empty(), "the header lacks {extra:?}");
    }
}

/// C's own view of the types that are written by hand, as assertions for its compiler.
fn layout_in_c() -> String {
    format!(
        "#include <zmq.h>\n#include <stddef.h>\n\
         _Static_assert(sizeof(zmq_msg_t) <= {}, \"message\");\n\
         _Static_assert(_Alignof(zmq_msg_t) <= {}, \"message's alignment\");\n\
         _Static_assert(sizeof(zmq_pollitem_t) == {}, \"item\");\n\
         _Static_assert(sizeof(((zmq_pollitem_t *) 0)->fd) == {}, \"fd\");\n\
         _Static_assert(offsetof(zmq_pollitem_t, fd) == {}, \"fd's place\");\n\
         _Static_assert(offsetof(zmq_pollitem_t, events) == {}, \"events' place\");\n\
         _Static_assert(offsetof(zmq_pollitem_t, revents) == {}, \"revents' place\");\n",
        size_of::<zmq_msg_t>(),
        align_of::<zmq_msg_t>(),
        size_of::<zmq_pollitem_t>(),
        size_of::<zmq_fd_t>(),
        offset_of!(zmq_pollitem_t, fd),
        offset_of!(zmq_pollitem_t, events),
        offset_of!(zmq_pollitem_t, revents),
    )
}

#[test]
fn the_c_compiler_sees_the_same_layouts() {
    let Some(include_dir) = option_env!("ZMQ_SYS_EXT_INCLUDE") else {
        return;
    };
    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("layout.c");
    fs::write(&source, layout_in_c()).unwrap();
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let mut command = Command::new(&compiler);
    match command.args(["-std=c11", "-fsyntax-only", "-I", include_dir]).arg(&source).output() {
        Ok(done) => assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("skipped: there is no C compiler `{compiler}`");
        }
        Err(error) => panic!("{compiler}: {error}"),
    }
}

#[cfg(feature = "bindgen")]
mod bindgen {
    use std::collections::BTreeMap;

    const FRESH: &str = include_str!(concat!(env!("OUT_DIR"), "/bindings.rs"));
    const FRESH_DRAFTS: &str = include_str!(concat!(env!("OUT_DIR"), "/drafts.rs"));
    const DRAFTS: &str = include_str!("../src/drafts.rs");

    /// A file's items by name, to compare without regard to order and layout.
    fn items(text: &str) -> BTreeMap<String, String> {
        let text = text.replace("unsafe extern \"C\" {", "");
        let items = text
            .split("pub ")
            .skip(1)
            .filter_map(|item| item.split_once(';').map(|(item, _)| item));
        let named = items.filter_map(|item| {
            let name = item.split_once(' ')?.1.split(['(', ':', ' ']).next()?;
            Some((name.to_owned(), types(item)))
        });
        named.collect()
    }

    /// The item without spaces and commas; a function's without its parameters' names.
    ///
    /// Older headers have pointers that are not const where newer ones have: the same to a caller.
    fn types(item: &str) -> String {
        let text = item.replace('(', "( ").replace(',', " ").replace(')', " )");
        let words = text.split_whitespace();
        let types = words.filter(|word| item.starts_with("const") || !word.ends_with(':'));
        let types = types.collect::<String>();
        if super::is_older() { types.replace("*const", "*mut") } else { types }
    }

    #[test]
    fn the_checked_in_bindings_are_what_bindgen_gives() {
        if std::env::var_os("UPDATE_BINDINGS").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/bindings.rs"), FRESH).unwrap();
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/drafts.rs"), FRESH_DRAFTS)
                .unwrap();
            return;
        }
        let (ours, fresh) = (items(super::CHECKED_IN), items(FRESH));
        assert!(fresh.len() > 85, "bindgen gives only {} items", fresh.len());
        for (name, item) in fresh.iter().filter(|(name, _)| super::is_comparable(name)) {
            assert_eq!(
                ours.get(name),
                Some(item),
                "{name}: UPDATE_BINDINGS=1 writes bindgen's to src/bindings.rs"
            );
        }
        if !super::is_older() {
            let extra: Vec<_> = ours.keys().filter(|name| !fresh.contains_key(*name)).collect();
            assert!(extra.is_empty(), "the header lacks {extra:?}");
        }
    }

    #[test]
    fn the_checked_in_drafts_are_what_bindgen_gives() {
        // Each version has others.
        if env!("ZMQ_SYS_EXT_VERSION") == "4.3.5" {
            assert!(items(FRESH_DRAFTS).len() > 30, "bindgen gives too few");
            assert_eq!(
                items(DRAFTS),
                items(FRESH_DRAFTS),
                "UPDATE_BINDINGS=1 writes bindgen's to src/drafts.rs"
            );
        }
    }
}
