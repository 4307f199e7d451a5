//! Files, encoded messages, printed lines and live messages go to and fro between this crate and CZMQ 4, by a C program
//! that is compiled against the system's libczmq. Without one the tests say that they skip; with `CI` set they fail.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use czmq_like::prelude::*;
use tempfile::TempDir;

use common::peer::{Running, compiled};
use common::within;

/// Messages by their frames, as tests/interop/peer.c names them.
const MESSAGES: &[&[&str]] = &[
    &["t5"],
    &["t1", "b1", "t33", "b34"],
    &["b253", "b254", "b255", "b256", "t254", "t255"],
    &["b65535", "b65536", "b65537", "t1"],
    &["b1000000"],
    &["t6", "t6", "t6", "t6", "t6", "t6", "t6", "t6", "t6", "t6", "t6", "t6"],
    &["t70", "t71", "b35", "b36", "t26"],
];

/// Those that have empty frames, or none.
const EMPTY: &[&[&str]] = &[&[], &["t0"], &["t0", "t5", "t0", "b300", "t0"]];

fn named(frames: &[&str]) -> ZMsg {
    let bytes = |frame: &&str| -> Vec<u8> {
        let (kind, size) = frame.split_at(1);
        let byte = |nbr: usize| match kind {
            "t" => nbr % 26 + usize::from(b'a'),
            _ => (nbr * 31 + 200) % 256,
        };
        (0..size.parse().unwrap()).map(|nbr| u8::try_from(byte(nbr)).unwrap()).collect()
    };
    frames.iter().map(bytes).collect()
}

/// The C program, compiled; `None` where there is no libczmq.
fn peer() -> Option<&'static Path> {
    static PEER: OnceLock<Option<PathBuf>> = OnceLock::new();
    PEER.get_or_init(|| compiled("peer")).as_deref()
}

/// Runs `test` with a way to run the C program, and a file for both.
fn with_peer(test: impl FnOnce(&dyn Fn(&str, &[&str]), &Path) + Send + 'static) {
    let Some(peer) = peer() else {
        return;
    };
    within(move || {
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("message");
        let run = |task: &str, frames: &[&str]| {
            let child = Command::new(peer).arg(task).arg(&file).args(frames).spawn().unwrap();
            Running(child).ends_well();
        };
        test(&run, &file);
    });
}

#[test]
fn files_that_czmq_saved_are_loaded() {
    with_peer(|peer, file| {
        for frames in MESSAGES.iter().chain(&EMPTY[..1]) {
            peer("save", frames);
            assert_eq!(ZMsg::load(File::open(file).unwrap()).unwrap(), named(frames));
        }
    });
}

#[test]
fn files_are_loaded_by_czmq() {
    with_peer(|peer, file| {
        for frames in MESSAGES.iter().chain(&EMPTY[..1]) {
            named(frames).save(File::create(file).unwrap()).unwrap();
            peer("load", frames);
        }
    });
}

#[test]
fn files_are_byte_for_byte_those_that_czmq_saves() {
    with_peer(|peer, file| {
        for frames in MESSAGES {
            peer("save", frames);
            let mut own = Vec::new();
            named(frames).save(&mut own).unwrap();
            assert!(own == fs::read(file).unwrap(), "{frames:?}");
        }
    });
}

#[test]
fn a_file_that_czmq_saved_up_to_an_empty_frame_is_loaded() {
    with_peer(|peer, file| {
        peer("save-partly", &["t5", "b300", "t0"]);
        let loaded = ZMsg::load(File::open(file).unwrap()).unwrap();
        assert_eq!(loaded, named(&["t5", "b300", "t0"]));
    });
}

#[test]
fn messages_that_czmq_encoded_are_decoded_and_encoded_to_the_same_bytes() {
    with_peer(|peer, file| {
        for frames in MESSAGES.iter().chain(EMPTY) {
            peer("encode", frames);
            let encoded = fs::read(file).unwrap();
            assert_eq!(ZMsg::decode(&encoded).unwrap(), named(frames));
            assert!(named(frames).encode() == encoded, "{frames:?}");
        }
    });
}

#[test]
fn encoded_messages_are_decoded_by_czmq() {
    with_peer(|peer, file| {
        for frames in MESSAGES.iter().chain(EMPTY) {
            fs::write(file, named(frames).encode()).unwrap();
            peer("decode", frames);
        }
    });
}

#[test]
fn messages_look_as_czmq_prints_them() {
    with_peer(|peer, file| {
        for frames in MESSAGES.iter().chain(EMPTY) {
            peer("print", frames);
            let mut own = Vec::new();
            named(frames).fprint(&mut own).unwrap();
            assert_eq!(
                String::from_utf8(own).unwrap(),
                fs::read_to_string(file).unwrap(),
                "{frames:?}"
            );
        }
        peer("hex", &["b256"]);
        assert_eq!(named(&["b256"])[0].strhex(), fs::read_to_string(file).unwrap());
    });
}

#[test]
fn messages_go_to_czmq_and_come_back() {
    let Some(peer) = peer() else {
        return;
    };
    within(move || {
        let directory = TempDir::new().unwrap();
        let ipc = format!("ipc://{}", directory.path().join("socket").display());
        for endpoint in ["tcp://127.0.0.1:*", &ipc] {
            let socket = zmqx::Context::new().unwrap().socket(Pair).unwrap();
            let endpoint = socket.bind(endpoint).unwrap();
            let child = Command::new(peer).arg("echo").arg(format!(">{endpoint}")).spawn().unwrap();
            let child = Running(child);
            for frames in MESSAGES.iter().chain(&EMPTY[2..]).chain(&EMPTY[1..2]) {
                named(frames).send(&socket).unwrap();
                let mut msg = ZMsg::recv(&socket).unwrap();
                assert_eq!(msg.pop().unwrap(), "echo");
                assert_eq!(msg, named(frames));
            }
            child.ends_well();
        }
    });
}
