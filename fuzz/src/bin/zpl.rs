//! ZPL: a text that is a tree is written as one that is the same tree; one that is none is told by its line, and shown
//! nowhere.
#![no_main]

use czmq_like::{ErrorKind, ZConfig};
use libfuzzer_sys::fuzz_target;

/// What nests deeper is refused.
const DEEPEST: usize = 64;

fn depth(item: &ZConfig) -> usize {
    item.children().iter().map(|child| 1 + depth(child)).max().unwrap_or_default()
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match ZConfig::str_load(text) {
        Ok(tree) => {
            assert!(depth(&tree) <= DEEPEST);
            let saved = tree.str_save().expect("what was read can be written");
            assert_eq!(ZConfig::str_load(&saved).expect("what was written can be read"), tree);
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            let told = error.to_string();
            assert!(told.starts_with("read ZPL: line ") && told.is_ascii(), "{told}");
        }
    }
});
