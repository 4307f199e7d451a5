//! The store and its queue, without the services.

use std::fs;
use std::path::Path;

use czmq_like::{ErrorKind, Result, ZMsg};
use guide::titanic::{Found, Queue, Store, uuid_text};

use crate::common::folder;

/// Opens both, as Titanic does when it starts; gives the UUIDs that wait.
pub(crate) fn start(folder: &Path) -> Result<(Store, Queue, Vec<String>)> {
    let store = Store::open(folder)?;
    let mut queue = Queue::open(&store)?;
    let mut waiting = Vec::new();
    for _ in 0..queue.len() {
        let entry = queue.pop().expect("as many as it says");
        waiting.push(uuid_text(entry.uuid));
        queue.retry(entry);
    }
    Ok((store, queue, waiting))
}

fn lines(folder: &Path) -> String {
    fs::read_to_string(folder.join("queue")).expect("a queue of text")
}

#[test]
fn the_queue_has_the_guides_lines() -> Result<()> {
    let folder = folder();
    let (store, mut queue, _) = start(folder.path())?;
    let [first, second] = [b"1", b"2"].map(|body| store.accept(&ZMsg::from([&b"echo"[..], body])));
    let (first, second) = (first?, second?);
    queue.push(first)?;
    queue.push(second)?;
    let entry = queue.pop().expect("the first");
    assert_eq!(entry.uuid, first);
    store.finish(first, &ZMsg::from(["1"]))?;
    queue.done(entry)?;
    let expected = format!("+{}\n-{}\n", uuid_text(first), uuid_text(second));
    assert_eq!(lines(folder.path()), expected);
    Ok(())
}

#[test]
fn requests_wait_in_their_order_also_after_a_restart() -> Result<()> {
    let folder = folder();
    let (store, mut queue, _) = start(folder.path())?;
    let mut uuids = Vec::new();
    for body in 0..20_u8 {
        let uuid = store.accept(&ZMsg::from([&b"echo"[..], &[body]]))?;
        queue.push(uuid)?;
        uuids.push(uuid_text(uuid));
    }
    for _ in 0..3 {
        let entry = queue.pop().expect("one that waits");
        store.finish(entry.uuid, &ZMsg::from(["done"]))?;
        queue.done(entry)?;
    }
    drop((store, queue));
    let (_store, _queue, waiting) = start(folder.path())?;
    assert_eq!(waiting, uuids[3..]);
    assert_eq!(
        lines(folder.path()),
        uuids[3..].iter().map(|u| format!("-{u}\n")).collect::<String>()
    );
    Ok(())
}

#[test]
fn a_queue_with_the_line_ends_of_windows_is_read_too() -> Result<()> {
    let folder = folder();
    let (store, mut queue, _) = start(folder.path())?;
    let mut uuids = Vec::new();
    for body in 0..5_u8 {
        uuids.push(store.accept(&ZMsg::from([&b"echo"[..], &[body]]))?);
    }
    uuids.reverse();
    uuids.iter().try_for_each(|uuid| queue.push(*uuid))?;
    drop((store, queue));
    fs::write(folder.path().join("queue"), lines(folder.path()).replace('\n', "\r\n"))?;
    let (_store, _queue, waiting) = start(folder.path())?;
    assert_eq!(waiting, uuids.into_iter().map(uuid_text).collect::<Vec<_>>());
    Ok(())
}

#[test]
fn a_large_queue_is_emptied_when_nothing_waits() -> Result<()> {
    let folder = folder();
    let (store, mut queue, _) = start(folder.path())?;
    let uuid = store.accept(&ZMsg::from(["echo", "body"]))?;
    let mut largest = 0;
    for _ in 0..40_000 {
        queue.push(uuid)?;
        let entry = queue.pop().expect("it waits");
        queue.done(entry)?;
        largest = largest.max(fs::metadata(folder.path().join("queue"))?.len());
    }
    assert!(largest > 1 << 20, "{largest}");
    assert!(fs::metadata(folder.path().join("queue"))?.len() < largest);
    drop((store, queue));
    assert_eq!(start(folder.path())?.2, [uuid_text(uuid)]);
    Ok(())
}

#[test]
fn a_reply_to_what_was_closed_is_not_stored() -> Result<()> {
    let folder = folder();
    let store = Store::open(folder.path())?;
    let uuid = store.accept(&ZMsg::from(["echo", "body"]))?;
    store.close(uuid)?;
    store.finish(uuid, &ZMsg::from(["late"]))?;
    assert_eq!(store.reply(uuid)?, Found::Unknown);
    assert_eq!(fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

#[test]
fn a_store_is_open_once_at_a_time() -> Result<()> {
    let folder = folder();
    let store = Store::open(folder.path())?;
    assert_eq!(Store::open(folder.path()).unwrap_err().kind(), ErrorKind::BadState);
    drop(store);
    Store::open(folder.path()).map(drop)
}

#[test]
fn files_of_others_are_left_alone() -> Result<()> {
    let folder = folder();
    for name in ["notes.txt", "short.rep", "queue.old", ".hidden"] {
        fs::write(folder.path().join(name), name)?;
    }
    fs::create_dir(folder.path().join("a folder"))?;
    let (_store, _queue, waiting) = start(folder.path())?;
    assert!(waiting.is_empty());
    // The queue is new.
    assert_eq!(fs::read_dir(folder.path())?.count(), 6);
    Ok(())
}
