//! Without the draft API: the functions are there, and say what is missing.

use zmqx::{Context, ErrorKind, Message, MonitorEvents, Router, SocketKind};

use crate::common::has_monitors;
use crate::is_there;

/// Those that libzmq calls drafts.
fn draft_kinds() -> impl Iterator<Item = SocketKind> {
    SocketKind::ALL.iter().copied().skip_while(|kind| *kind != SocketKind::Stream).skip(1)
}

#[test]
fn the_kinds_are_those_of_the_feature() {
    assert_eq!(draft_kinds().count(), if cfg!(feature = "draft") { 9 } else { 0 });
}

#[test]
fn a_kind_is_unsupported() {
    let ctx = Context::new().unwrap();
    for kind in draft_kinds() {
        match ctx.socket(kind) {
            Ok(socket) => assert!(is_there() && socket.kind() == kind, "{kind}"),
            Err(error) => {
                assert!(!is_there(), "{error}");
                assert_eq!(error.kind(), ErrorKind::Unsupported);
                let text = format!("open socket {kind}: this libzmq was built without DRAFT");
                assert_eq!(error.to_string(), text);
            }
        }
    }
}

#[test]
fn version_2_of_a_monitor_is_unsupported() {
    if is_there() {
        return;
    }
    let socket = Context::new().unwrap().socket(Router).unwrap();
    let monitor = socket.monitor_v2(MonitorEvents::all());
    assert_eq!(monitor.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(socket.monitor_pipes_stats().unwrap_err().kind(), ErrorKind::Unsupported);
    if has_monitors() {
        socket.monitor(MonitorEvents::all()).unwrap();
    }
}

#[test]
fn a_routing_id_and_a_group_are_unsupported() {
    if is_there() {
        return;
    }
    let mut message = Message::from("message");
    assert_eq!(message.routing_id().unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(message.set_routing_id(1).unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(message.group().unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(message.set_group("group").unwrap_err().kind(), ErrorKind::Unsupported);
    let router = Context::new().unwrap().socket(Router).unwrap();
    assert_eq!(router.peer_state("peer").unwrap_err().kind(), ErrorKind::Unsupported);
}
