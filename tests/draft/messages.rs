//! What a message says beside its bytes.

use std::thread;

use zmqx::{Context, ErrorKind, Message};

use crate::is_there;

#[test]
fn a_routing_id_is_kept_and_is_never_0() {
    if !is_there() {
        return;
    }
    let mut message = Message::from("message");
    assert_eq!(message.routing_id().unwrap(), None);
    message.set_routing_id(7).unwrap();
    message.set_routing_id(u32::MAX).unwrap();
    assert_eq!(message.routing_id().unwrap(), Some(u32::MAX));
    assert_eq!(message.set_routing_id(0).unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(message.share().routing_id().unwrap(), Some(u32::MAX));
    assert_eq!(message.clone().routing_id().unwrap(), None);
    assert_eq!(message, "message");
}

#[test]
fn a_group_is_kept_and_can_be_another() {
    if !is_there() {
        return;
    }
    let (short, long) = ("news", "n".repeat(255));
    let mut message = Message::from("message").with_routing_id(9).unwrap();
    assert_eq!(message.group().unwrap(), None);
    for group in [short, &long, short, &long, &long, ""] {
        message.set_group(group).unwrap();
        assert_eq!(message.group().unwrap(), Some(group).filter(|group| !group.is_empty()));
        assert_eq!(message.routing_id().unwrap(), Some(9));
        assert_eq!(message, "message");
    }
    let moved = thread::spawn(move || message.with_group("moved").unwrap()).join().unwrap();
    assert_eq!(moved.group().unwrap(), Some("moved"));
}

#[test]
fn what_is_no_group_is_refused() {
    if !is_there() {
        return;
    }
    let dish = Context::new().unwrap().socket(zmqx::Dish).unwrap();
    for group in ["n".repeat(256), "a\0b".to_owned()] {
        let error = Message::new().with_group(&group).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(dish.join(&group).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    dish.join("news").unwrap();
    assert_eq!(dish.join("news").unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(dish.leave("weather").unwrap_err().kind(), ErrorKind::InvalidInput);
    dish.leave("news").unwrap();
    let any = dish.into_any();
    any.join("sport").unwrap();
    let dealer = any.context().socket(zmqx::SocketKind::Dealer).unwrap();
    assert_eq!(dealer.join("sport").unwrap_err().kind(), ErrorKind::Unsupported);
}
