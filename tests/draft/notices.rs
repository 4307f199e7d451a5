//! HELLO, DISCONNECT and HICCUP messages, which libzmq sends or makes itself.

use zmqx::{Client, Context, Dealer, Router, Server};

use crate::common::{SOON, TCP, connected_over, within};
use crate::is_there;

#[test]
fn each_new_peer_is_greeted() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (router, server) = (ctx.socket(Router).unwrap(), ctx.socket(Server).unwrap());
        router.set_hello_msg("hello").unwrap();
        server.set_hello_msg("hello").unwrap();
        let (dealer, client) = (ctx.socket(Dealer).unwrap(), ctx.socket(Client).unwrap());
        dealer.connect(router.bind(TCP).unwrap()).unwrap();
        client.connect(server.bind(TCP).unwrap()).unwrap();
        assert_eq!(dealer.recv().unwrap(), "hello");
        assert_eq!(client.recv().unwrap(), "hello");
    });
}

#[test]
fn a_peer_that_goes_says_so() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (router, server) = (ctx.socket(Router).unwrap(), ctx.socket(Server).unwrap());
        router.set_disconnect_msg("gone").unwrap();
        server.set_disconnect_msg("gone").unwrap();
        let (dealer, client) = (ctx.socket(Dealer).unwrap(), ctx.socket(Client).unwrap());
        dealer.connect(router.bind(TCP).unwrap()).unwrap();
        client.connect(server.bind(TCP).unwrap()).unwrap();
        dealer.send("here").unwrap();
        client.send("here").unwrap();
        let here = router.recv_multipart().unwrap();
        let id = server.recv().unwrap().routing_id().unwrap();
        drop((dealer, client));
        assert_eq!(router.recv_multipart().unwrap(), [&here[0][..], b"gone"]);
        let gone = server.recv().unwrap();
        assert_eq!((&gone[..], gone.routing_id().unwrap()), (&b"gone"[..], id));
    });
}

#[test]
fn a_connection_that_breaks_is_told() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let dealer = ctx.socket(Dealer).unwrap();
        dealer.set_hiccup_msg("hiccup").unwrap();
        let router = ctx.socket(Router).unwrap();
        dealer.connect(router.bind(TCP).unwrap()).unwrap();
        dealer.send("here").unwrap();
        router.recv_multipart().unwrap();
        drop(router);
        assert_eq!(dealer.recv().unwrap(), "hiccup");

        let (server, client) = connected_over(&ctx, TCP, Server, Client);
        client.set_hiccup_msg("").unwrap();
        client.send("here").unwrap();
        server.recv().unwrap();
    });
}
