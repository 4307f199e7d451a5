//! `Error`, `ErrorKind` and `SendError`: what they say, and what they turn into.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::error::Error as StdError;
use std::io;

use zmqx::{
    Context, Dealer, Error, ErrorKind, Message, Multipart, Pull, Rep, Req, Result, SendError,
};

use common::TCP;

fn would_block() -> SendError<Message> {
    Context::new().unwrap().socket(Dealer).unwrap().try_send("Hello").unwrap_err()
}

#[test]
fn an_error_is_48_bytes_at_most() {
    assert!(size_of::<Error>() <= 48);
    assert!(size_of::<Result<()>>() <= 48);
}

#[test]
fn an_error_says_what_was_being_done_to_what() {
    let ctx = Context::new().unwrap();
    let socket = ctx.socket(Rep).unwrap();
    let receive = socket.send("early").unwrap_err().error;
    assert_eq!(receive.to_string(), "send: not possible in the socket's present state");
    assert_eq!(socket.try_recv().unwrap_err().to_string(), "receive: would block");

    let bound = socket.bind(TCP).unwrap();
    let again = ctx.socket(Rep).unwrap().bind(&bound).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::AddrInUse);
    assert_eq!(again.to_string(), format!("bind \"{bound}\": address in use"));
    assert_eq!(format!("{again:?}"), format!("{again} (AddrInUse)"));

    let unknown = socket.bind("nonsense://address").unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Unsupported);
    assert_eq!(unknown.to_string(), "bind \"nonsense://address\": not supported by this libzmq");

    let missing = socket.unbind("tcp://127.0.0.1:1").unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert_eq!(missing.to_string(), "unbind \"tcp://127.0.0.1:1\": no such endpoint");
}

#[cfg(unix)]
#[test]
fn unknown_errno_is_error() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let endpoint = format!("ipc://{}/socket", file.display());
    let error = Context::new().unwrap().socket(Rep).unwrap().bind(&endpoint).unwrap_err();
    let ErrorKind::Other(errno) = error.kind() else { panic!("{error:?}") };
    assert_eq!(errno, error.errno());
    assert_eq!(io::Error::from_raw_os_error(errno).kind(), io::ErrorKind::NotADirectory);
    assert_eq!(error.to_string(), format!("bind {endpoint:?}: not a directory"));
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::NotADirectory);
}

#[test]
fn an_errno_that_no_system_has_is_printable() {
    for errno in [0, -100, 1_000_000, i32::MAX, i32::MIN] {
        let error = Error::from(io::Error::from_raw_os_error(errno));
        assert_eq!(error.errno(), errno);
        assert!(!error.to_string().is_empty());
        assert!(!ErrorKind::Other(errno).to_string().is_empty());
    }
}

#[test]
fn every_kind_has_words() {
    assert_eq!(ErrorKind::WouldBlock.to_string(), "would block");
    assert_eq!(ErrorKind::Terminated.to_string(), "the context was terminated");
    assert_eq!(ErrorKind::Other(2).to_string(), "no such file or directory");
}

#[test]
fn a_send_error_displays_as_its_error_and_does_not_print_the_message() {
    let error = would_block();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    assert_eq!(error.to_string(), "send: would block");
    let debug = format!("{error:?}");
    assert!(debug.contains("WouldBlock") && !debug.contains("Hello"), "{debug}");
    assert_eq!(error.into_message(), "Hello");
}

#[test]
fn a_send_error_can_carry_another_form_of_the_message() {
    let error = would_block().map(|message| message.to_vec());
    assert_eq!((error.kind(), error.message), (ErrorKind::WouldBlock, b"Hello".to_vec()));
}

#[test]
fn a_send_error_says_why_and_does_not_show_the_message() {
    let error = would_block();
    assert_eq!(error.message, "Hello");
    assert!(error.to_string().starts_with("send: "), "{error}");
    assert!(!format!("{error} {error:?} {error:#?}").contains("Hello"), "{error:?}");
}

#[test]
fn question_mark_turns_a_send_error_into_what_is_wanted() {
    fn boxed() -> Result<(), Box<dyn StdError + Send + Sync>> {
        Ok(Err(would_block())?)
    }
    fn own() -> Result<()> {
        Ok(Err(would_block())?)
    }
    fn of_the_system() -> io::Result<()> {
        Ok(Err(would_block())?)
    }
    fn multipart() -> Result<()> {
        let socket = Context::new()?.socket(Dealer)?;
        socket.try_send_multipart(["a", "b"])?;
        Ok(())
    }
    let boxed = boxed().unwrap_err();
    let inside = boxed.downcast_ref::<SendError<Message>>().unwrap();
    assert_eq!((inside.kind(), &inside.message), (ErrorKind::WouldBlock, &"Hello".into()));
    assert_eq!(own().unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(of_the_system().unwrap_err().kind(), io::ErrorKind::WouldBlock);
    assert_eq!(multipart().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn an_error_survives_a_trip_through_io_error() {
    let ctx = Context::new().unwrap();
    let errors = [
        (ctx.socket(Rep).unwrap().bind("tcp://1").unwrap_err(), io::ErrorKind::InvalidInput),
        (ctx.socket(Pull).unwrap().try_recv().unwrap_err(), io::ErrorKind::WouldBlock),
        (ctx.socket(Req).unwrap().recv().unwrap_err(), io::ErrorKind::Other),
    ];
    for (error, kind) in errors {
        let before = (error.kind(), error.errno(), error.to_string());
        let outside = io::Error::from(error);
        assert_eq!((outside.kind(), outside.to_string()), (kind, before.2.clone()));
        let inside = Error::from(outside);
        assert_eq!((inside.kind(), inside.errno(), inside.to_string()), before);
    }
}

#[test]
fn an_io_error_from_elsewhere_keeps_its_errno_or_its_words() {
    for (outside, kind) in [
        (io::Error::from_raw_os_error(2), ErrorKind::NotFound),
        (io::ErrorKind::WouldBlock.into(), ErrorKind::WouldBlock),
        (io::ErrorKind::TimedOut.into(), ErrorKind::WouldBlock),
        (io::ErrorKind::Interrupted.into(), ErrorKind::Interrupted),
        (io::ErrorKind::PermissionDenied.into(), ErrorKind::PermissionDenied),
        (io::Error::new(io::ErrorKind::InvalidData, "strange"), ErrorKind::InvalidInput),
    ] {
        assert_eq!(Error::from(outside).kind(), kind);
    }
    let error = Error::from(io::Error::new(io::ErrorKind::UnexpectedEof, "the file is cut short"));
    assert!(matches!(error.kind(), ErrorKind::Other(_)));
    assert_eq!(error.to_string(), "I/O: the file is cut short");
    assert_eq!(error.source().unwrap().to_string(), "the file is cut short");
}

#[test]
fn empty_multipart_rejected() {
    let socket = Context::new().unwrap().socket(Dealer).unwrap();
    for error in [
        socket.send_multipart(Multipart::new()).unwrap_err(),
        socket.try_send_multipart(Vec::<Message>::new()).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), "send: a multipart message of no frames");
        assert!(error.message.is_empty());
    }
}

#[test]
fn a_closed_context_says_terminated() {
    let ctx = Context::new().unwrap();
    let socket = ctx.socket(Dealer).unwrap();
    ctx.shutdown().unwrap();
    let kinds = [
        socket.recv().unwrap_err().kind(),
        socket.send("Hello").unwrap_err().kind(),
        socket.bind(TCP).unwrap_err().kind(),
        socket.connect("tcp://127.0.0.1:1").unwrap_err().kind(),
        ctx.socket(Dealer).unwrap_err().kind(),
    ];
    assert_eq!(kinds, [ErrorKind::Terminated; 5]);
}
