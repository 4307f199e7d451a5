//! Sockets that threads share.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use zmqx::{
    Channel, Client, Context, Dgram, Dish, ErrorKind, Gather, Message, Peer, Radio, Scatter,
    Server, Socket,
};

use crate::common::{SOON, TCP, both_sorts, connected_over, interruptible, ipc, within};
use crate::is_there;

#[test]
fn all_but_dgram_are_sync() {
    fn is_sync<T: Send + Sync>() {}
    fn is_send<T: Send>() {}
    is_sync::<Socket<Server>>();
    is_sync::<Socket<Client>>();
    is_sync::<Socket<Radio>>();
    is_sync::<Socket<Dish>>();
    is_sync::<Socket<Gather>>();
    is_sync::<Socket<Scatter>>();
    is_sync::<Socket<Peer>>();
    is_sync::<Socket<Channel>>();
    is_send::<Socket<Dgram>>();
}

#[test]
fn what_libzmq_says_is_thread_safe_is_what_is_sync() {
    if !is_there() {
        return;
    }
    let ctx = Context::new().unwrap();
    for kind in zmqx::SocketKind::ALL {
        let is_sync = !["PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH"]
            .iter()
            .chain(&["XPUB", "XSUB", "STREAM", "DGRAM"])
            .any(|name| kind.to_string() == **name);
        assert_eq!(ctx.socket(*kind).unwrap().thread_safe().unwrap(), is_sync, "{kind}");
    }
}

#[test]
fn threads_share_a_server_and_a_client() {
    const EACH: usize = 500;
    if !is_there() {
        return;
    }
    within(SOON * 2, || {
        for ctx in both_sorts() {
            // Not over inproc, where libzmq itself locks up: docs/versions.md.
            let file = ipc();
            for endpoint in [file.as_ref(), TCP] {
                let (server, client) = connected_over(&ctx, endpoint, Server, Client);
                let (server, client) = (Arc::new(server), Arc::new(client));
                let workers: Vec<_> = (0..3)
                    .map(|_| {
                        let server = Arc::clone(&server);
                        thread::spawn(move || {
                            loop {
                                let request = server.recv().unwrap();
                                if request == "end" {
                                    break;
                                }
                                let id = request.routing_id().unwrap().unwrap();
                                let reply = Message::from(&request[..]).with_routing_id(id);
                                server.send(reply.unwrap()).unwrap();
                            }
                        })
                    })
                    .collect();
                let askers: Vec<_> = (0..3)
                    .map(|asker| {
                        let client = Arc::clone(&client);
                        thread::spawn(move || {
                            let ask = |number| client.send(format!("{asker} {number}")).unwrap();
                            let reply = |_| client.recv().unwrap().to_string_lossy().into_owned();
                            // Any thread may get any reply.
                            (0..EACH).inspect(|number| ask(*number)).map(reply).collect::<Vec<_>>()
                        })
                    })
                    .collect();
                let replies: Vec<_> =
                    askers.into_iter().flat_map(|asker| asker.join().unwrap()).collect();
                assert_eq!(replies.len(), 3 * EACH);
                assert_eq!(replies.into_iter().collect::<HashSet<_>>().len(), 3 * EACH);
                for _ in &workers {
                    client.send("end").unwrap();
                }
                workers.into_iter().for_each(|worker| worker.join().unwrap());
            }
        }
    });
}

#[test]
fn one_thread_sends_while_another_waits() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let (server, client) = connected_over(&ctx, TCP, Server, Client);
            let client = Arc::new(client);
            let (ready, is_ready) = channel();
            let waiting = {
                let client = Arc::clone(&client);
                thread::spawn(move || {
                    ready.send(()).unwrap();
                    client.recv().unwrap()
                })
            };
            is_ready.recv().unwrap();
            for _ in 0..100 {
                client.send("request").unwrap();
                assert_eq!(server.recv().unwrap(), "request");
            }
            client.send("last").unwrap();
            let last = server.recv().unwrap().routing_id().unwrap().unwrap();
            server.send(Message::from("reply").with_routing_id(last).unwrap()).unwrap();
            assert_eq!(waiting.join().unwrap(), "reply");
        }
    });
}

/// Has three threads wait on one socket, and tells what ended each.
fn ends(socket: Socket<Gather>, end: impl FnOnce()) -> Vec<ErrorKind> {
    let socket = Arc::new(socket);
    let (ready, is_ready) = channel();
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let (socket, ready) = (Arc::clone(&socket), ready.clone());
            thread::spawn(move || {
                ready.send(()).unwrap();
                socket.recv().unwrap_err().kind()
            })
        })
        .collect();
    for _ in &waiting {
        is_ready.recv().unwrap();
    }
    end();
    waiting.into_iter().map(|thread| thread.join().unwrap()).collect()
}

#[test]
fn an_interrupt_ends_all_that_wait() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        for _ in 0..20 {
            let (interrupt, ctx) = interruptible();
            let ended = ends(ctx.socket(Gather).unwrap(), || interrupt.trigger());
            assert_eq!(ended, [ErrorKind::Interrupted; 3]);
        }
        let (interrupt, ctx) = interruptible();
        interrupt.trigger();
        // Nobody can take it: only then does a send look.
        let error = ctx.socket(Scatter).unwrap().send("task").unwrap_err().error;
        assert_eq!(error.kind(), ErrorKind::Interrupted);
    });
}

#[test]
fn a_shutdown_ends_all_that_wait() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        for _ in 0..20 {
            for ctx in both_sorts() {
                let ended = ends(ctx.socket(Gather).unwrap(), || ctx.shutdown().unwrap());
                assert_eq!(ended, [ErrorKind::Terminated; 3]);
            }
        }
    });
}

#[test]
fn a_timeout_is_kept() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let socket = ctx.socket(Gather).unwrap();
            let began = Instant::now();
            socket.set_rcvtimeo(Some(Duration::from_millis(30))).unwrap();
            assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::WouldBlock);
            let timeout = Duration::from_millis(20);
            assert_eq!(socket.recv_timeout(timeout).unwrap_err().kind(), ErrorKind::WouldBlock);
            assert!(began.elapsed() >= Duration::from_millis(50));
            assert_eq!(socket.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
            let sender = ctx.socket(Scatter).unwrap();
            sender.set_sndtimeo(Some(Duration::from_millis(10))).unwrap();
            assert_eq!(sender.send("task").unwrap_err().error.kind(), ErrorKind::WouldBlock);
        }
    });
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_wait_as_of_other_sockets() {
    use testing::storm::Storm;
    if !is_there() {
        return;
    }
    within(SOON, || {
        let _storm = Storm::on_this_thread();
        let [ctx, watched] = both_sorts();
        let error = ctx.socket(Gather).unwrap().recv().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        // With an Interrupt, other signals end nothing.
        let socket = watched.socket(Gather).unwrap();
        let error = socket.recv_timeout(Duration::from_millis(30)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn a_full_socket_wakes_its_senders_when_there_is_room() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let (gather, scatter) = (ctx.socket(Gather).unwrap(), ctx.socket(Scatter).unwrap());
            gather.set_rcvhwm(2).unwrap();
            scatter.set_sndhwm(2).unwrap();
            scatter.connect(gather.bind(TCP).unwrap()).unwrap();
            let scatter = Arc::new(scatter);
            // More than the kernel's buffers take.
            let senders: Vec<_> = (0..3)
                .map(|_| {
                    let scatter = Arc::clone(&scatter);
                    thread::spawn(move || {
                        (0..200).for_each(|_| scatter.send(vec![7; 100_000]).unwrap());
                    })
                })
                .collect();
            for _ in 0..600 {
                assert_eq!(gather.recv().unwrap().len(), 100_000);
            }
            senders.into_iter().for_each(|sender| sender.join().unwrap());
        }
    });
}

#[test]
fn two_threads_that_bind_get_their_own_endpoints() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        let server = Arc::new(Context::new().unwrap().socket(Server).unwrap());
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let server = Arc::clone(&server);
                thread::spawn(move || {
                    for _ in 0..300 {
                        // One that is another's would be unbound twice.
                        server.unbind(server.bind(TCP).unwrap()).unwrap();
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}
