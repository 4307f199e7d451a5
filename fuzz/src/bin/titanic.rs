//! Titanic's files, as another process or a crash has left them: a request is read whole or told to be damaged, and the
//! queue has precisely those that have no reply.
#![no_main]

use std::fs;
use std::path::Path;

use czmq_like::{ErrorKind, ZFrame};
use guide::titanic::{Found, Queue, Store, parse_uuid, uuid_text};
use libfuzzer_sys::fuzz_target;

const UUID: &str = "0123456789ABCDEF0123456789ABCDEF";

fuzz_target!(|data: &[u8]| {
    if let Some(uuid) = parse_uuid(&ZFrame::new(data)) {
        assert_eq!(uuid_text(uuid).as_bytes(), data.to_ascii_uppercase());
    }
    let (which, content) = data.split_first().unwrap_or((&0, &[]));
    // In memory: each store is synced.
    let folder = tempfile::tempdir_in("/dev/shm").expect("a folder");
    let write = |name: String| fs::write(folder.path().join(name), content).expect("it is ours");
    if which & 1 != 0 {
        write(format!("{UUID}.req"));
    }
    if which & 2 != 0 {
        write(format!("{UUID}.rep"));
    }
    if which & 4 != 0 {
        write("queue".to_owned());
    }
    let uuid = parse_uuid(&ZFrame::new(UUID)).expect("a UUID");
    check(folder.path(), which & 1 != 0, |store| {
        match store.request(uuid) {
            Ok(None) => assert_eq!(which & 1, 0),
            Ok(Some(request)) => {
                // What is whole is what this would have written itself.
                let copy = store.accept(&request).expect("there is room");
                let name = format!("{}.req", uuid_text(copy));
                assert_eq!(fs::read(store.folder().join(name)).expect("it was written"), content);
                store.close(copy).expect("it is there");
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidInput),
        }
        let is_answered = matches!(store.reply(uuid), Ok(Found::Reply(_)));
        usize::from(which & 1 != 0 && !is_answered)
    });
});

/// Opens the store and its queue, in which as many are to wait as `count` says.
fn check(folder: &Path, has_request: bool, count: impl FnOnce(&Store) -> usize) {
    let store = Store::open(folder).expect("the files are ours");
    let expected = count(&store);
    let mut queue = Queue::open(&store).expect("the files are ours");
    assert_eq!(queue.len(), expected);
    while let Some(entry) = queue.pop() {
        assert!(has_request && uuid_text(entry.uuid) == UUID);
        queue.done(entry).expect("there is room");
    }
}
