//! Nodes of `ZGossip`, and peers that speak its protocol by hand.

use czmq_like::ZGossipMsg;
use czmq_like::prelude::*;

use super::SOON;

pub(crate) const MS: Duration = Duration::from_millis(1);

pub(crate) fn node(ctx: &ZCtx, name: &str) -> ZGossip {
    ZGossip::new(ctx, name).unwrap()
}

/// A node that is bound to TCP, and its endpoint.
pub(crate) fn server(ctx: &ZCtx) -> (ZGossip, String) {
    let server = node(ctx, "server");
    let port = server.bind("tcp://127.0.0.1:*").unwrap();
    assert_eq!(server.port().unwrap(), port);
    (server, format!("tcp://127.0.0.1:{port}"))
}

/// A peer that speaks the protocol by hand.
pub(crate) fn dealer(ctx: &ZCtx, endpoint: &str) -> Socket<Dealer> {
    let dealer = ctx.socket(Dealer).unwrap();
    dealer.connect(endpoint).unwrap();
    dealer
}

pub(crate) fn say<K: Sends>(peer: &Socket<K>, msg: &ZGossipMsg) {
    peer.send(msg.encode().unwrap()).unwrap();
}

pub(crate) fn hears<K: Receives>(peer: &Socket<K>) -> ZGossipMsg {
    ZGossipMsg::decode(&peer.recv().unwrap()).unwrap()
}

/// Sees that a peer hears nothing but what answers its ping.
pub(crate) fn hears_nothing_more<K: Receives + Sends>(peer: &Socket<K>) {
    say(peer, &ZGossipMsg::Ping);
    assert_eq!(hears(peer), ZGossipMsg::Pong);
}

/// What is delivered next, as "key=value".
pub(crate) fn delivered(node: &ZGossip) -> String {
    let (key, value) = node.recv_timeout(SOON).unwrap().unwrap();
    format!("{key}={value}")
}
