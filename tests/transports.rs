//! The transports beside inproc and plain tcp: raw TCP by STREAM, IPv6, ipc's abstract names, ws.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use zmqx::{Capability, Context, ErrorKind, Message, Rep, Req, Socket, Stream, XPub, XSub, has};

use common::{SOON, TCP, both_sorts, runs_with, within};

/// Whether STREAM is there.
fn has_stream() -> bool {
    runs_with(4, 0, 0)
}

/// Whether STREAM says that a peer has come or gone: by a message of nothing.
fn has_notices() -> bool {
    runs_with(4, 2, 0)
}

/// A plain TCP server for one connection, which it hands to `serve`.
fn plain_server(serve: impl FnOnce(TcpStream) + Send + 'static) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
    (endpoint, thread::spawn(move || serve(listener.accept().unwrap().0)))
}

/// Receives from a STREAM until `len` bytes have come from the peer.
fn receive(socket: &Socket<Stream>, peer: &Message, len: usize) -> Vec<u8> {
    let mut bytes = vec![];
    while bytes.len() < len {
        let message = socket.recv_multipart().unwrap();
        assert_eq!((message.len(), &message[0]), (2, peer));
        bytes.extend_from_slice(&message[1]);
    }
    bytes
}

#[test]
fn a_stream_talks_to_a_plain_tcp_server() {
    if !has_notices() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let (endpoint, server) = plain_server(|mut peer| {
                let mut text = [0; 5];
                peer.read_exact(&mut text).unwrap();
                peer.write_all(&text).unwrap();
                let mut large = vec![0; 1_000_000];
                peer.read_exact(&mut large).unwrap();
                peer.write_all(&large).unwrap();
            });
            let socket = ctx.socket(Stream).unwrap();
            socket.set_connect_routing_id("server").unwrap();
            socket.connect(endpoint).unwrap();
            // It says that it is connected, and at the end that it is not any more.
            assert_eq!(socket.recv_multipart().unwrap(), ["server", ""]);
            let peer = Message::from("server");
            socket.send_multipart(["server", "Hello"]).unwrap();
            assert_eq!(receive(&socket, &peer, 5), b"Hello");
            let large: Vec<u8> = (0..=250).cycle().take(1_000_000).collect();
            socket.send_multipart([&b"server"[..], &large]).unwrap();
            assert_eq!(receive(&socket, &peer, large.len()), large);
            assert_eq!(socket.recv_multipart().unwrap(), ["server", ""]);
            server.join().unwrap();
        }
    });
}

#[test]
fn a_stream_asks_an_http_server() {
    if !has_notices() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let (endpoint, server) = plain_server(|mut peer| {
                let mut request = vec![];
                while !request.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    peer.read_exact(&mut byte).unwrap();
                    request.push(byte[0]);
                }
                assert_eq!(request, b"GET /index.html HTTP/1.0\r\nHost: localhost\r\n\r\n");
                write!(peer, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nHello").unwrap();
            });
            let socket = ctx.socket(Stream).unwrap();
            socket.connect(endpoint).unwrap();
            let mut connected = socket.recv_multipart().unwrap();
            let peer = connected.pop_front().unwrap();
            let request = "GET /index.html HTTP/1.0\r\nHost: localhost\r\n\r\n";
            socket.send_multipart([&peer[..], request.as_bytes()]).unwrap();
            let mut reply = vec![];
            loop {
                let message = socket.recv_multipart().unwrap();
                if message[1].is_empty() {
                    break;
                }
                reply.extend_from_slice(&message[1]);
            }
            assert_eq!(reply, b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nHello");
            server.join().unwrap();
        }
    });
}

#[test]
fn a_stream_serves_several_http_clients_at_once() {
    if !has_stream() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let server = ctx.socket(Stream).unwrap();
            let endpoint = server.bind(TCP).unwrap();
            let clients: Vec<_> = (0..4)
                .map(|number| {
                    let mut client = TcpStream::connect(endpoint.address()).unwrap();
                    thread::spawn(move || {
                        // In pieces, as a network may deliver it.
                        for piece in ["GET /", &number.to_string(), " HTTP/1.0\r\n", "\r\n"] {
                            client.write_all(piece.as_bytes()).unwrap();
                        }
                        let mut reply = vec![0; "HTTP/1.0 200 OK\r\n\r\n0".len()];
                        client.read_exact(&mut reply).unwrap();
                        assert_eq!(reply, format!("HTTP/1.0 200 OK\r\n\r\n{number}").as_bytes());
                    })
                })
                .collect();
            let mut requests: Vec<(Message, Vec<u8>)> = vec![];
            while !clients.iter().all(JoinHandle::is_finished) {
                let timeout = std::time::Duration::from_millis(10);
                let Ok(mut message) = server.recv_multipart_timeout(timeout) else { continue };
                let peer = message.pop_front().unwrap();
                if !requests.iter().any(|(known, _)| *known == peer) {
                    requests.push((peer.clone(), vec![]));
                }
                let (_, request) = requests.iter_mut().find(|(known, _)| *known == peer).unwrap();
                request.extend_from_slice(&message[0]);
                if request.ends_with(b"\r\n\r\n") {
                    let reply = format!("HTTP/1.0 200 OK\r\n\r\n{}", char::from(request[5]));
                    request.clear();
                    server.send_multipart([&peer[..], reply.as_bytes()]).unwrap();
                }
            }
            for client in clients {
                client.join().unwrap();
            }
        }
    });
}

/// A request and its reply over an endpoint, bound and then connected to.
fn ask(server: &Socket<Rep>, client: &Socket<Req>, endpoint: &str) -> String {
    let bound = server.bind(endpoint).unwrap();
    client.connect(&bound).unwrap();
    client.send("Hello").unwrap();
    assert_eq!(server.recv().unwrap(), "Hello");
    server.send("World").unwrap();
    assert_eq!(client.recv().unwrap(), "World");
    bound.to_string()
}

fn pair(ctx: &Context) -> (Socket<Rep>, Socket<Req>) {
    (ctx.socket(Rep).unwrap(), ctx.socket(Req).unwrap())
}

#[test]
fn tcp_goes_over_ipv6() {
    if TcpListener::bind("[::1]:0").is_err() {
        println!("skipped: this machine has no IPv6");
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let (server, client) = pair(&ctx);
            // By the option that every libzmq has.
            server.set_ipv4only(false).unwrap();
            client.set_ipv4only(false).unwrap();
            let endpoint = ask(&server, &client, "tcp://[::1]:*");
            assert!(endpoint.starts_with("tcp://[::1]:"), "{endpoint}");

            // All interfaces of both sorts: who speaks IPv4 alone is served too.
            let (server, client) = pair(&ctx);
            server.set_ipv4only(false).unwrap();
            let port = server.bind("tcp://*:*").unwrap().port().unwrap();
            client.connect(format!("tcp://127.0.0.1:{port}")).unwrap();
            client.send("Hello").unwrap();
            assert_eq!(server.recv().unwrap(), "Hello");

            // Without the option there is no such address.
            let error = ctx.socket(Rep).unwrap().bind("tcp://[::1]:*").unwrap_err();
            assert_ne!(error.kind(), ErrorKind::Terminated);
        }
    });
}

#[cfg(target_os = "linux")]
#[test]
fn ipc_has_abstract_names_that_leave_no_file() {
    if !runs_with(4, 0, 0) {
        return;
    }
    within(SOON, || {
        for (number, ctx) in both_sorts().into_iter().enumerate() {
            let (server, client) = pair(&ctx);
            let name = format!("zmqx-test-{}-{number}", std::process::id());
            let endpoint = ask(&server, &client, &format!("ipc://@{name}"));
            assert_eq!(endpoint, format!("ipc://@{name}"));
            assert!(!std::path::Path::new(&format!("@{name}")).exists());
            // The name is taken for as long as the socket is bound.
            let other = ctx.socket(Rep).unwrap();
            assert_eq!(other.bind(&endpoint).unwrap_err().kind(), ErrorKind::AddrInUse);
            assert!(std::fs::read_to_string("/proc/net/unix").unwrap().contains(&name));
        }
    });
}

#[test]
fn ws_is_a_transport_as_others() {
    if !has(Capability::Ws) {
        let error = Context::new().unwrap().socket(Rep).unwrap().bind("ws://127.0.0.1:*");
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            // libzmq knows paths of one part.
            for path in ["", "/path"] {
                let (server, client) = pair(&ctx);
                let endpoint = ask(&server, &client, &format!("ws://127.0.0.1:*{path}"));
                assert!(endpoint.starts_with("ws://127.0.0.1:"), "{endpoint}");
            }
            let (publisher, subscriber) = (ctx.socket(XPub).unwrap(), ctx.socket(XSub).unwrap());
            subscriber.connect(publisher.bind("ws://127.0.0.1:*").unwrap()).unwrap();
            subscriber.subscribe("news").unwrap();
            assert_eq!(publisher.recv().unwrap(), b"\x01news");
            let news = ["news".to_owned(), "x".repeat(100_000)];
            publisher.send_multipart(news.clone()).unwrap();
            assert_eq!(subscriber.recv_multipart().unwrap(), news);
        }
    });
}
