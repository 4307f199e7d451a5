//! The module `zstr`: what CZMQ's own test of zstr checks, and what its manual says.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use czmq_like::prelude::*;

use common::{connected, pair, within};

#[test]
fn fifteen_strings_come_before_the_end() {
    within(|| {
        let (output, input) = pair();
        for number in 0..10 {
            zstr::send(&output, format!("this is string {number}")).unwrap();
        }
        for number in 0..5 {
            zstr::sendm(&output, format!("this is string {number}")).unwrap();
        }
        zstr::send(&output, "END").unwrap();
        let mut strings = 0;
        while zstr::recv(&input).unwrap() != "END" {
            strings += 1;
        }
        assert_eq!(strings, 15);
        assert_eq!(zstr::recv_nowait(&input).unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn sendx_and_recvx_carry_strings_as_one_message() {
    within(|| {
        let (output, input) = pair();
        zstr::sendx(&output, &["This", "is", "almost", "the", "very", "END"]).unwrap();
        assert_eq!(ZMsg::recv(&input).unwrap(), ["This", "is", "almost", "the", "very", "END"]);
        zstr::sendx(&output, &[]).unwrap();
        zstr::sendx(&output, &["one", "two", "three"]).unwrap();
        zstr::sendx(&output, &["one"]).unwrap();
        let [one, two] = zstr::recvx(&input).unwrap();
        assert_eq!((one.as_deref(), two.as_deref()), (Some("one"), Some("two")));
        let [one, two] = zstr::recvx(&input).unwrap();
        assert_eq!((one.as_deref(), two), (Some("one"), None));
    });
}

#[test]
fn strings_keep_their_nuls_and_lose_nothing_else() {
    within(|| {
        let (output, input) = pair();
        for string in ["", "\0", "a\0b\0", "ØMQ", "line\n"] {
            zstr::send(&output, string).unwrap();
            assert_eq!(zstr::recv(&input).unwrap(), string);
        }
        ZFrame::new(b"\xC3\x98MQ \xFF\xFE!").send(&output).unwrap();
        assert_eq!(zstr::recv_nowait(&input).unwrap(), "ØMQ \u{FFFD}\u{FFFD}!");
    });
}

#[test]
fn errors_are_those_of_the_socket() {
    within(|| {
        let ctx = zmqx::Context::new().unwrap();
        let socket = ctx.socket(Req).unwrap();
        assert_eq!(zstr::recv(&socket).unwrap_err().kind(), ErrorKind::BadState);
        ctx.shutdown().unwrap();
        let terminated = [
            zstr::send(&socket, "a").unwrap_err(),
            zstr::sendm(&socket, "a").unwrap_err(),
            zstr::sendx(&socket, &["a"]).unwrap_err(),
            zstr::recv(&socket).unwrap_err(),
            zstr::recv_nowait(&socket).unwrap_err(),
            zstr::recvx::<1, _>(&socket).unwrap_err(),
        ];
        assert!(terminated.iter().all(|error| error.kind() == ErrorKind::Terminated));
    });
}

#[test]
fn strings_go_through_any_kind_that_sends_and_receives() {
    fn relay<A: Receives, B: Sends>(from: &Socket<A>, to: &Socket<B>) {
        zstr::send(to, zstr::recv(from).unwrap()).unwrap();
    }
    within(|| {
        let (sink, source) = connected(Pull, Push);
        let (pull, push) = connected(SocketKind::Pull, SocketKind::Push);
        zstr::send(&source, "Hello").unwrap();
        relay(&sink, &push);
        assert_eq!(zstr::recv(&pull).unwrap(), "Hello");
    });
}
