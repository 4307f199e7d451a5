//! Each pair of kinds, over inproc and tcp, with an `Interrupt` and without.

use std::time::Duration;

use zmqx::{
    Channel, Client, Context, Dish, ErrorKind, Gather, Message, Open, Peer, PollEvents, Radio,
    Receives, Scatter, Server, Socket, SocketKind, poll,
};

use crate::common::{SOON, TCP, both_sorts, connected_over, inproc, wait_until, within};
use crate::is_there;

/// What to do with two sockets.
type Body<A, B> = fn(&Context, Socket<A>, Socket<B>);

/// Runs `body` with two connected sockets, over each transport and in each sort of context.
fn everywhere<A: Open + Copy + Send + 'static, B: Open + Copy + Send + 'static>(
    (bound, connected): (A, B),
    body: Body<A::Kind, B::Kind>,
) {
    if is_there() {
        within(SOON, move || {
            for ctx in both_sorts() {
                for endpoint in [&inproc()[..], TCP] {
                    let (bound, connected) = connected_over(&ctx, endpoint, bound, connected);
                    body(&ctx, bound, connected);
                }
            }
        });
    }
}

fn is_readable<K: Receives>(socket: &Socket<K>, timeout: Duration) -> bool {
    poll(&mut [socket.poll_item(PollEvents::IN)], Some(timeout)).unwrap() == 1
}

#[test]
fn a_server_answers_the_client_that_asked() {
    everywhere((Server, Client), |ctx, server, client| {
        let other = ctx.socket(Client).unwrap();
        other.connect(server.last_endpoint().unwrap()).unwrap();
        for (client, name) in [(&client, "one"), (&other, "other"), (&client, "one")] {
            client.send(name).unwrap();
            let request = server.recv().unwrap();
            assert_eq!(request, name);
            let id = request.routing_id().unwrap().unwrap();
            server.send(Message::from("reply").with_routing_id(id).unwrap()).unwrap();
            assert_eq!(client.recv().unwrap(), "reply");
        }
        assert_eq!(client.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn a_server_that_knows_no_such_client_gives_the_message_back() {
    everywhere((Server, Client), |_, server, _client| {
        let unsent = server.send("to nobody").unwrap_err();
        assert_eq!(unsent.error.kind(), ErrorKind::HostUnreachable);
        assert_eq!(unsent.message, "to nobody");
        let message = Message::from("to nobody").with_routing_id(12345).unwrap();
        let unsent = server.send(message).unwrap_err();
        assert_eq!(unsent.error.kind(), ErrorKind::HostUnreachable);
        assert_eq!(unsent.message.routing_id().unwrap(), Some(12345));
    });
}

#[test]
fn a_dish_gets_the_groups_that_it_has_joined() {
    everywhere((Dish, Radio), |_, dish, radio| {
        dish.join("news").unwrap();
        let send = |text: &str, group: &str| {
            radio.send(Message::from(text).with_group(group).unwrap()).unwrap();
        };
        // A RADIO drops what goes to a group of which it has not heard yet.
        wait_until("the dish is a member", || {
            send("first", "news");
            is_readable(&dish, Duration::from_millis(1))
        });
        send("rain", "weather");
        send("last", "news");
        loop {
            let message = dish.recv().unwrap();
            assert_eq!(message.group().unwrap(), Some("news"));
            if message == "last" {
                break;
            }
            assert_eq!(message, "first");
        }
        dish.join("weather").unwrap();
        dish.leave("news").unwrap();
        wait_until("the dish is a member of the other group", || {
            send("none", "news");
            send("rain", "weather");
            let deadline = Duration::from_millis(1);
            is_readable(&dish, deadline) && dish.recv().unwrap() == "rain"
        });
    });
}

#[test]
fn gather_takes_what_scatter_sends() {
    everywhere((Gather, Scatter), |ctx, gather, scatter| {
        let other = ctx.socket(Scatter).unwrap();
        other.connect(gather.last_endpoint().unwrap()).unwrap();
        for number in 0..100 {
            scatter.send(number.to_string()).unwrap();
            assert_eq!(gather.recv().unwrap(), number.to_string());
        }
        other.send("other").unwrap();
        assert_eq!(gather.recv().unwrap(), "other");
    });
}

#[test]
fn a_channel_goes_both_ways() {
    everywhere((Channel, Channel), |_, one, other| {
        for number in 0..100 {
            one.send(number.to_string()).unwrap();
            assert_eq!(other.recv().unwrap(), number.to_string());
            other.send("back").unwrap();
            assert_eq!(one.recv().unwrap(), "back");
        }
    });
}

#[test]
fn a_peer_knows_whom_it_connects_to() {
    everywhere((Peer, Peer), |ctx, bound, _other| {
        let peer = ctx.socket(Peer).unwrap();
        let id = peer.connect_peer(bound.last_endpoint().unwrap()).unwrap();
        peer.send(Message::from("Hello").with_routing_id(id).unwrap()).unwrap();
        let hello = bound.recv().unwrap();
        assert_eq!(hello, "Hello");
        let reply = Message::from("World").with_routing_id(hello.routing_id().unwrap().unwrap());
        bound.send(reply.unwrap()).unwrap();
        let world = peer.recv().unwrap();
        assert_eq!((world.routing_id().unwrap(), &world[..]), (Some(id), &b"World"[..]));
    });
}

#[test]
fn a_peer_is_not_known_at_once_with_immediate() {
    if is_there() {
        let peer = Context::new().unwrap().socket(Peer).unwrap();
        peer.set_immediate(true).unwrap();
        let error = peer.connect_peer("tcp://127.0.0.1:1").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let error = peer.connect_peer("nowhere").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn several_frames_are_refused_of_a_kind_that_is_known_at_run_time_only() {
    if !is_there() {
        return;
    }
    let ctx = Context::new().unwrap();
    for kind in [SocketKind::Client, SocketKind::Scatter, SocketKind::Channel] {
        let peer = match kind {
            SocketKind::Client => SocketKind::Server,
            SocketKind::Scatter => SocketKind::Gather,
            _ => kind,
        };
        let (bound, socket) = connected_over(&ctx, &inproc(), peer, kind);
        let unsent = socket.send_multipart(["a", "b"]).unwrap_err();
        assert_eq!(unsent.error.kind(), ErrorKind::InvalidInput);
        assert_eq!(unsent.message, ["a", "b"]);
        assert_eq!(socket.send_more("a").unwrap_err().error.kind(), ErrorKind::InvalidInput);
        socket.send("whole").unwrap();
        assert_eq!(bound.recv_multipart().unwrap(), ["whole"]);
    }
}

#[test]
fn a_router_tells_whether_a_peer_can_be_sent_to() {
    if !is_there() {
        return;
    }
    let ctx = Context::new().unwrap();
    let (router, dealer) = connected_over(&ctx, TCP, zmqx::Router, zmqx::Dealer);
    assert_eq!(router.peer_state("nobody").unwrap_err().kind(), ErrorKind::HostUnreachable);
    dealer.send("here").unwrap();
    let id = router.recv_multipart().unwrap().pop_front().unwrap();
    assert_eq!(router.peer_state(id).unwrap(), PollEvents::OUT);
}
