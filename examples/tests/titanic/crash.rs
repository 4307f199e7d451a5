//! The disk as a crash of the machine may leave it: every file that was being written cut at every byte.
//!
//! Each test walks through the steps of one operation: what is written under another name may be cut anywhere; from the
//! rename on the file is whole, as it was synced before.

use std::fs;
use std::path::Path;

use czmq_like::{Result, ZMsg};
use guide::titanic::{Found, Store, parse_uuid, uuid_text};
use uuid::Uuid;

use crate::common::folder;
use crate::storage::start;

const BODY: &[&[u8]] = &[b"echo", b"", b"Hello", b"\0", b""];

fn request() -> ZMsg {
    BODY.iter().map(|frame| frame.to_vec()).collect()
}

fn reply() -> ZMsg {
    ZMsg::from(["Hello", "", "again"])
}

/// Checks that these requests, and no others, wait, whole, in this order, and that they can be finished.
fn waits(folder: &Path, uuids: &[Uuid], case: &str) -> Result<()> {
    let (store, mut queue, waiting) = start(folder)?;
    assert_eq!(waiting, uuids.iter().map(|uuid| uuid_text(*uuid)).collect::<Vec<_>>(), "{case}");
    for uuid in uuids {
        assert_eq!(store.reply(*uuid)?, Found::Pending, "{case}");
        assert_eq!(store.request(*uuid)?, Some(request()), "{case}");
    }
    for name in names(folder)? {
        assert!(!name.ends_with(".tmp"), "{case}: {name}");
    }
    while let Some(entry) = queue.pop() {
        store.finish(entry.uuid, &reply())?;
        assert_eq!(store.reply(entry.uuid)?, Found::Reply(reply()), "{case}");
        queue.done(entry)?;
    }
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let names = fs::read_dir(folder)?.flatten().map(|entry| entry.file_name().into_string());
    Ok(names.map(|name| name.expect("names of text")).collect())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for name in names(from)? {
        fs::copy(from.join(&name), to.join(&name))?;
    }
    Ok(())
}

/// A folder with so many requests that wait; gives them in their order.
fn filled(folder: &Path, count: usize) -> Result<Vec<Uuid>> {
    let (store, mut queue, _) = start(folder)?;
    let mut uuids = Vec::new();
    for _ in 0..count {
        let uuid = store.accept(&request())?;
        queue.push(uuid)?;
        uuids.push(uuid);
    }
    Ok(uuids)
}

#[test]
fn a_crash_at_any_byte_of_an_accept_loses_nothing_accepted() -> Result<()> {
    let before = folder();
    let accepted = filled(before.path(), 2)?;
    // What the third one writes, taken from the file that it becomes.
    let after = folder();
    let third = filled(after.path(), 1)?[0];
    let name = uuid_text(third) + ".req";
    let content = fs::read(after.path().join(&name))?;
    for len in 0..=content.len() {
        let crashed = folder();
        copy(before.path(), crashed.path())?;
        fs::write(crashed.path().join(format!("{name}.tmp")), &content[..len])?;
        waits(crashed.path(), &accepted, &format!("cut at {len}, not accepted"))?;
    }
    // It has its name, and so it is accepted; its line is cut anywhere, or not there, or the file of the old lines is gone.
    let all = [&accepted[..], &[third]].concat();
    let old = fs::read(before.path().join("queue"))?;
    let line = [b"-", uuid_text(third).as_bytes(), b"\n"].concat();
    for len in 0..=line.len() {
        let crashed = folder();
        copy(before.path(), crashed.path())?;
        fs::write(crashed.path().join(&name), &content)?;
        fs::write(crashed.path().join("queue"), [&old, &line[..len]].concat())?;
        waits(crashed.path(), &all, &format!("line cut at {len}"))?;
    }
    Ok(())
}

#[test]
fn a_queue_that_is_cut_anywhere_loses_nothing_and_keeps_its_order_so_far() -> Result<()> {
    let before = folder();
    let uuids = filled(before.path(), 4)?;
    let queue = fs::read(before.path().join("queue"))?;
    assert_eq!(queue.len(), 4 * 34);
    for len in 0..=queue.len() {
        let crashed = folder();
        copy(before.path(), crashed.path())?;
        fs::write(crashed.path().join("queue"), &queue[..len])?;
        let (_store, _queue, waiting) = start(crashed.path())?;
        // A line is whole without its end, too.
        let whole = (len + 1) / 34;
        let order: Vec<_> = uuids.iter().map(|uuid| uuid_text(*uuid)).collect();
        assert_eq!(waiting[..whole], order[..whole], "cut at {len}");
        let sorted = |mut uuids: Vec<String>| {
            uuids.sort();
            uuids
        };
        assert_eq!(sorted(waiting), sorted(order), "cut at {len}");
    }
    Ok(())
}

#[test]
fn a_queue_that_was_overwritten_by_anything_loses_nothing() -> Result<()> {
    let before = folder();
    let uuids = filled(before.path(), 1)?;
    let other = uuid_text(Uuid::new_v4());
    let (own, text) = (uuid_text(uuids[0]), "?".repeat(33));
    for queue in [
        // Blocks that the file system has given, and never written.
        "\0".repeat(340),
        format!("{}-{own}\n", "\0".repeat(34)),
        format!("+{own}\n"),
        format!("+{own}\n-{own}\n-{own}\n"),
        format!("-{other}\n+{other}\n"),
        format!("{text}\n-{own}"),
        format!("-../../../../../../../../etc/passwd\n{own}\n--{own}\n"),
    ] {
        let crashed = folder();
        copy(before.path(), crashed.path())?;
        fs::write(crashed.path().join("queue"), &queue)?;
        waits(crashed.path(), &uuids, &queue)?;
    }
    Ok(())
}

#[test]
fn a_crash_at_any_byte_of_a_reply_has_the_request_done_again_or_answered() -> Result<()> {
    let before = folder();
    let uuids = filled(before.path(), 2)?;
    let after = folder();
    copy(before.path(), after.path())?;
    Store::open(after.path())?.finish(uuids[0], &reply())?;
    let name = uuid_text(uuids[0]) + ".rep";
    let content = fs::read(after.path().join(&name))?;
    for len in 0..=content.len() {
        let crashed = folder();
        copy(before.path(), crashed.path())?;
        fs::write(crashed.path().join(format!("{name}.tmp")), &content[..len])?;
        waits(crashed.path(), &uuids, &format!("cut at {len}"))?;
    }
    // Not by a crash, as it was synced: but if the file itself is cut, it is no reply either.
    for len in 0..content.len() {
        let crashed = folder();
        copy(before.path(), crashed.path())?;
        fs::write(crashed.path().join(&name), &content[..len])?;
        waits(crashed.path(), &uuids, &format!("itself cut at {len}"))?;
    }
    // The mark in the queue has come, or has not.
    for mark in ["-", "+"] {
        let crashed = folder();
        copy(after.path(), crashed.path())?;
        let mut queue = fs::read(after.path().join("queue"))?;
        queue[..1].copy_from_slice(mark.as_bytes());
        fs::write(crashed.path().join("queue"), queue)?;
        waits(crashed.path(), &uuids[1..], mark)?;
        assert_eq!(Store::open(crashed.path())?.reply(uuids[0])?, Found::Reply(reply()));
    }
    Ok(())
}

#[test]
fn a_crash_in_a_close_leaves_it_closed_or_answered() -> Result<()> {
    let before = folder();
    let uuid = filled(before.path(), 1)?[0];
    Store::open(before.path())?.finish(uuid, &reply())?;
    // The request is removed first. What is left of it then is not known to anybody.
    let name = |end: &str| uuid_text(uuid) + end;
    fs::remove_file(before.path().join(name(".req")))?;
    waits(before.path(), &[], "half closed")?;
    assert_eq!(Store::open(before.path())?.reply(uuid)?, Found::Unknown);
    assert_eq!(names(before.path())?, ["queue"]);
    Ok(())
}

#[test]
fn a_crash_while_the_queue_is_written_anew_loses_nothing() -> Result<()> {
    let before = folder();
    let uuids = filled(before.path(), 2)?;
    let queue = fs::read(before.path().join("queue"))?;
    for len in 0..=queue.len() {
        let crashed = folder();
        copy(before.path(), crashed.path())?;
        fs::write(crashed.path().join("queue.tmp"), &queue[..len])?;
        waits(crashed.path(), &uuids, &format!("cut at {len}"))?;
    }
    Ok(())
}

#[test]
fn a_request_that_is_damaged_is_an_error_and_hinders_no_other() -> Result<()> {
    let before = folder();
    let uuids = filled(before.path(), 2)?;
    let name = uuid_text(uuids[0]) + ".req";
    let content = fs::read(before.path().join(&name))?;
    for len in 0..content.len() {
        fs::write(before.path().join(&name), &content[..len])?;
        let (store, _queue, waiting) = start(before.path())?;
        assert_eq!(waiting.len(), 2, "it is for the dispatcher to say so");
        assert!(store.request(uuids[0]).is_err() && store.reply(uuids[0]).is_err(), "cut at {len}");
        assert_eq!(store.request(uuids[1])?, Some(request()));
    }
    Ok(())
}

#[test]
fn uuids_are_32_digits_in_either_case() {
    let frame = |text: &str| parse_uuid(&czmq_like::ZFrame::new(text));
    let uuid = Uuid::new_v4();
    assert_eq!(frame(&uuid_text(uuid)), Some(uuid));
    assert_eq!(frame(&uuid_text(uuid).to_lowercase()), Some(uuid));
    for other in [uuid.to_string(), uuid.braced().to_string(), uuid.urn().to_string()] {
        assert_eq!(frame(&other), None, "{other}");
    }
}
