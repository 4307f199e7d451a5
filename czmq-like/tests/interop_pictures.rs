//! Messages that are made by pictures go to and fro between this crate and CZMQ 4, by a C program over the system's
//! libczmq. Without one the test says that it skips; with `CI` set it fails.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::process::Command;

use czmq_like::PictureValue;
use czmq_like::prelude::*;

use common::peer::{Running, compiled};
use common::within;

const FRAMES: &str = "i124488uzsbcfhUpm";
const BINARY: &str = "1248sSpcufm";

const UUID: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

fn rest() -> ZMsg {
    ZMsg::from(["frame 1", "", "frame 3"])
}

/// What tests/interop/pictures.c sends and expects, by `FRAMES`.
fn of_frames() -> Vec<PictureValue> {
    let dictionary = [("1", "value A"), ("key", "")];
    let dictionary = HashMap::from(dictionary.map(|(key, value)| (key.into(), value.into())));
    vec![
        (-12345_i32).into(),
        123_u8.into(),
        15129_u16.into(),
        1_860_867_u32.into(),
        u32::MAX.into(),
        228_886_641_u64.into(),
        u64::MAX.into(),
        4_000_000_000_u32.into(),
        "This is a string".into(),
        b"ABCDE".into(),
        b"HELLO".into(),
        b"WORLD".into(),
        dictionary.into(),
        UUID.into(),
        0x1234_usize.into(),
        rest().into(),
    ]
}

/// And by `BINARY`.
fn binary() -> Vec<PictureValue> {
    vec![
        123_u8.into(),
        15129_u16.into(),
        1_860_867_u32.into(),
        228_886_641_u64.into(),
        "Hello, World".into(),
        "Goodbye cruel World!".into(),
        0x1234_usize.into(),
        b"HELLO".into(),
        UUID.into(),
        b"WORLD".into(),
        rest().into(),
    ]
}

#[test]
fn what_either_sends_by_a_picture_the_other_receives_by_it() {
    let Some(peer) = compiled("pictures") else {
        return;
    };
    within(move || {
        let ctx = ZCtx::new().unwrap();
        let socket = ZSock::new_pair(&ctx, "@tcp://127.0.0.1:!").unwrap();
        let endpoint = ZSock::endpoint(&socket).unwrap();
        let peer = Running(Command::new(peer).arg(format!(">{endpoint}")).spawn().unwrap());

        type Values = Vec<PictureValue>;
        assert_eq!(ZSock::recv::<Values, _>(&socket, FRAMES).unwrap(), of_frames());
        assert_eq!(ZSock::brecv::<Values, _>(&socket, BINARY).unwrap(), binary());
        let short: (i32, Option<String>, Option<Vec<u8>>, Option<ZFrame>) =
            ZSock::recv(&socket, "izsbf").unwrap();
        assert_eq!(short, (-1, None, None, None));

        ZSock::send(&socket, FRAMES, of_frames()).unwrap();
        ZSock::bsend(&socket, BINARY, binary()).unwrap();
        ZSock::send(&socket, "i", (-1,)).unwrap();

        assert_eq!(ZSock::wait(&socket).unwrap(), 123);
        ZSock::signal(&socket, 45).unwrap();
        peer.ends_well();
    });
}
