//! The class `ZCertStore`: what CZMQ's own test of zcertstore checks, and how it follows its directory.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use czmq_like::prelude::*;
use zmqx::curve::PublicKey;

fn key(number: u8) -> PublicKey {
    PublicKey::from([number; 32])
}

fn named(number: u8, name: &str) -> ZCert {
    let mut cert = ZCert::from(key(number));
    cert.set_meta("name", name);
    cert
}

fn known(store: &mut ZCertStore, number: u8) -> Option<String> {
    store.lookup(key(number)).map(|cert| cert.meta("name").unwrap_or_default().to_owned())
}

fn some(name: &str) -> Option<String> {
    Some(name.to_owned())
}

#[test]
fn a_store_follows_its_directory() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("store");
    let mut store = ZCertStore::new(&location);
    assert_eq!(known(&mut store, 1), None);
    // The directory comes, and then a file.
    fs::create_dir(&location).unwrap();
    let filename = location.join("mycert.txt");
    named(1, "John Doe").save_public(&filename).unwrap();
    assert_eq!(known(&mut store, 1), some("John Doe"));
    assert_eq!(store.certs().count(), 1);

    // It changes, a file below comes, one goes, and the directory goes.
    named(2, "Jane Doe").save_public(&filename).unwrap();
    assert_eq!((known(&mut store, 1), known(&mut store, 2)), (None, some("Jane Doe")));
    fs::create_dir(location.join("more")).unwrap();
    named(1, "John Doe").save_public(location.join("more/john.txt")).unwrap();
    assert_eq!((known(&mut store, 1), known(&mut store, 2)), (some("John Doe"), some("Jane Doe")));
    fs::remove_file(&filename).unwrap();
    assert_eq!((known(&mut store, 1), known(&mut store, 2)), (some("John Doe"), None));
    fs::remove_dir_all(&location).unwrap();
    assert_eq!(store.certs().count(), 0);
}

#[test]
fn each_change_counts_however_quick_and_of_the_same_size() {
    let folder = tempfile::tempdir().unwrap();
    let filename = folder.path().join("mycert.txt");
    let mut store = ZCertStore::new(folder.path());
    for number in (1..=200).map(|round| round % 2 + 1) {
        // In place, as an editor may.
        let text = format!("curve\n    public-key = \"{}\"\n", key(number));
        fs::write(&filename, text).unwrap();
        assert!(store.lookup(key(number)).is_some());
        assert!(store.lookup(key(3 - number)).is_none());
    }
}

#[test]
fn files_that_have_long_been_as_they_are_may_change() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    named(1, "one").save_public(at("1.txt")).unwrap();
    named(2, "two").save_public(at("2.txt")).unwrap();
    // So long that they are not read for each lookup.
    std::thread::sleep(Duration::from_millis(3200));
    let mut store = ZCertStore::new(folder.path());
    assert_eq!((known(&mut store, 1), known(&mut store, 2)), (some("one"), some("two")));
    fs::rename(at("2.txt"), at("1.txt")).unwrap();
    assert_eq!((known(&mut store, 1), known(&mut store, 2)), (None, some("two")));
    let text = format!("curve\n    public-key = \"{}\"\n", key(3));
    fs::write(at("1.txt"), text).unwrap();
    assert_eq!((known(&mut store, 2), known(&mut store, 3)), (None, some("")));
}

#[test]
fn what_is_no_certificate_is_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    named(1, "known").save_public(at("known.txt")).unwrap();
    named(2, "hidden").save_public(at(".hidden")).unwrap();
    named(3, "secret").save_public(at("alone_secret")).unwrap();
    fs::write(at("broken.txt"), format!("curve\n    public-key = \"{}\n", key(4))).unwrap();
    fs::write(at("bytes.txt"), b"\xFF\xFE\0").unwrap();
    fs::write(at("empty.txt"), "").unwrap();
    fs::write(at("long.txt"), vec![b'#'; 2 << 20]).unwrap();
    #[cfg(unix)]
    link(folder.path());
    let mut store = ZCertStore::new(folder.path());
    assert_eq!(known(&mut store, 1), some("known"));
    assert!((2..=4).all(|number| known(&mut store, number).is_none()));
    #[cfg(unix)]
    assert_eq!(known(&mut store, 5), some("linked"));
}

/// Links that lead nowhere, round in circles, and to a certificate; and a FIFO, at which an open would wait.
#[cfg(unix)]
fn link(folder: &Path) {
    use std::os::unix::fs::symlink;
    symlink("nowhere", folder.join("dangling")).unwrap();
    symlink(".", folder.join("round")).unwrap();
    fs::create_dir(folder.join(".data")).unwrap();
    named(5, "linked").save_public(folder.join(".data/linked.txt")).unwrap();
    symlink(".data/linked.txt", folder.join("linked.txt")).unwrap();
    let mkfifo = std::process::Command::new("mkfifo").arg(folder.join("fifo")).status();
    assert!(mkfifo.unwrap().success());
}

#[test]
fn of_two_files_with_one_key_the_first_counts() {
    let folder = tempfile::tempdir().unwrap();
    named(1, "second").save_public(folder.path().join("b.txt")).unwrap();
    named(1, "first").save_public(folder.path().join("a.txt")).unwrap();
    let mut store = ZCertStore::new(folder.path());
    assert_eq!(known(&mut store, 1), some("first"));
    assert_eq!(store.certs().count(), 1);
}

#[test]
fn what_is_inserted_stays_whatever_the_directory_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = ZCertStore::new(folder.path());
    assert!(store.insert(named(1, "inserted")).is_none());
    assert_eq!(store.insert(named(1, "again")).unwrap().meta("name"), Some("inserted"));
    named(2, "found").save_public(folder.path().join("2.txt")).unwrap();
    assert_eq!((known(&mut store, 1), known(&mut store, 2)), (some("again"), some("found")));
    assert_eq!(store.certs().count(), 2);
    store.empty();
    assert_eq!((known(&mut store, 1), known(&mut store, 2)), (None, some("found")));

    let mut store = ZCertStore::in_memory();
    store.insert(named(1, "inserted"));
    assert_eq!((known(&mut store, 1), known(&mut store, 2)), (some("inserted"), None));
    assert!(format!("{store:?}").contains("inserted"));
    store.print();
}

#[test]
fn a_loader_of_the_programs_own_takes_the_directorys_place() {
    let folder = tempfile::tempdir().unwrap();
    named(1, "found").save_public(folder.path().join("1.txt")).unwrap();
    let mut store = ZCertStore::new(folder.path());
    assert_eq!(known(&mut store, 1), some("found"));
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    store.set_loader(move |store| {
        counted.fetch_add(1, Ordering::Relaxed);
        store.empty();
        store.insert(named(2, "loaded"));
        assert!(store.lookup(key(2)).is_some());
    });
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    assert_eq!((known(&mut store, 1), known(&mut store, 2)), (None, some("loaded")));
    assert_eq!(store.certs().count(), 1);
    assert_eq!(calls.load(Ordering::Relaxed), 4);
}
