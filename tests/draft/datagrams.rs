//! UDP: RADIO and DISH, and DGRAM.

use std::net::UdpSocket;
use std::time::Duration;

use zmqx::{Dgram, Dish, Endpoint, ErrorKind, Message, Multipart, PollEvents, Radio, Socket, poll};

use crate::common::{SOON, both_sorts, wait_until, within};
use crate::is_there;

/// An address on which nobody listens: libzmq does not tell which port it has chosen for UDP.
fn free() -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().to_string()
}

fn is_readable(item: zmqx::PollItem<'_>) -> bool {
    poll(&mut [item], Some(Duration::from_millis(1))).unwrap() == 1
}

#[test]
fn a_dish_gets_its_groups_by_udp() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let endpoint = format!("udp://{}", free());
            let (dish, radio) = (ctx.socket(Dish).unwrap(), ctx.socket(Radio).unwrap());
            dish.bind(&endpoint).unwrap();
            dish.join("news").unwrap();
            radio.connect(&endpoint).unwrap();
            // UDP may lose what comes before the other end is there.
            wait_until("a datagram arrives", || {
                radio.send(Message::from("rain").with_group("weather").unwrap()).unwrap();
                radio.send(Message::from("none").with_group("news").unwrap()).unwrap();
                is_readable(dish.poll_item(PollEvents::IN))
            });
            let message = dish.recv().unwrap();
            assert_eq!((&message[..], message.group().unwrap()), (&b"none"[..], Some("news")));
        }
    });
}

fn bound(ctx: &zmqx::Context) -> (Socket<Dgram>, String) {
    let (socket, address) = (ctx.socket(Dgram).unwrap(), free());
    let _: Endpoint = socket.bind(format!("udp://{address}")).unwrap();
    (socket, address)
}

/// The address of who sent it, which libzmq ends with a NUL.
fn name(message: &Multipart) -> &str {
    message[0].as_str().unwrap().strip_suffix('\0').unwrap()
}

#[test]
fn a_dgram_talks_to_its_like_and_to_plain_udp() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let ((one, _), (other, address)) = (bound(&ctx), bound(&ctx));
            wait_until("a datagram arrives", || {
                one.send_multipart([&address[..], "Hello"]).unwrap();
                is_readable(other.poll_item(PollEvents::IN))
            });
            let mut hello = other.recv_multipart().unwrap();
            assert_eq!(hello[1], "Hello");
            let from = hello.pop_front().unwrap();
            other.send_more(from).unwrap();
            other.send("World").unwrap();
            let reply = one.recv_multipart().unwrap();
            assert_eq!((name(&reply), &reply[1][..]), (&address[..], &b"World"[..]));

            let plain = UdpSocket::bind("127.0.0.1:0").unwrap();
            plain.set_read_timeout(Some(SOON)).unwrap();
            let plain_name = plain.local_addr().unwrap().to_string();
            let mut buffer = [0; 16];
            other.send_multipart([&plain_name[..], "ping"]).unwrap();
            let (len, from) = plain.recv_from(&mut buffer).unwrap();
            assert_eq!((&buffer[..len], from.to_string()), (&b"ping"[..], address));
            plain.send_to(b"pong", from).unwrap();
            loop {
                let message = other.recv_multipart().unwrap();
                if message[1] == "pong" {
                    assert_eq!(name(&message), plain_name);
                    break;
                }
                assert_eq!(message[1], "Hello");
            }
        }
    });
}

#[test]
fn a_dgram_that_is_not_bound_keeps_what_it_is_given() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let socket = ctx.socket(Dgram).unwrap();
            let message = ["127.0.0.1:9".to_owned(), "x".repeat(100)];
            let unsent = socket.try_send_multipart(message.clone()).unwrap_err();
            assert_eq!(unsent.error.kind(), ErrorKind::WouldBlock);
            assert_eq!(unsent.message, message);
            let unsent = socket.try_send_more("127.0.0.1:9").unwrap_err();
            assert_eq!(unsent.error.kind(), ErrorKind::WouldBlock);
            assert_eq!(unsent.message, "127.0.0.1:9");
            socket.set_sndtimeo(Some(Duration::from_millis(20))).unwrap();
            let unsent = socket.send_multipart(message.clone()).unwrap_err();
            assert_eq!(unsent.error.kind(), ErrorKind::WouldBlock);
            assert_eq!(unsent.message, message);
        }
    });
}

#[test]
fn a_datagram_has_an_address_and_no_more_than_a_body() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let ((socket, _), (other, address)) = (bound(&ctx), bound(&ctx));
            for message in [vec!["a"], vec!["a", "b", "c"]] {
                let unsent = socket.send_multipart(message.clone()).unwrap_err();
                assert_eq!(unsent.error.kind(), ErrorKind::InvalidInput);
                assert_eq!(unsent.message, message[..]);
            }
            let unsent = socket.send("no address").unwrap_err();
            assert_eq!(unsent.error.kind(), ErrorKind::InvalidInput);
            assert_eq!(unsent.message, "no address");
            // None of that has left anything behind.
            wait_until("a datagram arrives", || {
                socket.send_more(&address).unwrap();
                assert_eq!(
                    socket.send_more("x").unwrap_err().error.kind(),
                    ErrorKind::InvalidInput
                );
                socket.send("body").unwrap();
                is_readable(other.poll_item(PollEvents::IN))
            });
            assert_eq!(other.recv_multipart().unwrap()[1], "body");
        }
    });
}
