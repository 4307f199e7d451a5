//! The class `ZProxy`: what CZMQ's own test of zproxy checks, and what its docs say.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use czmq_like::ProxySide::{Backend, Frontend};
use czmq_like::prelude::*;
use zmqx::curve::KeyPair;
use zmqx::zap::{Credentials, Handler, Reply};
use zmqx::{Capability, has};

use common::{free_port, rounds, wait_until, within};

const FRONTEND: &str = "inproc://frontend";
const BACKEND: &str = "inproc://backend";

/// A proxy from PULL to PUSH, with somebody at either side.
fn streamer(ctx: &ZCtx) -> (ZProxy, Socket<Push>, Socket<Pull>) {
    let proxy = ZProxy::new(ctx).unwrap();
    proxy.frontend(Pull, FRONTEND).unwrap();
    proxy.backend(Push, BACKEND).unwrap();
    let faucet = ZSock::new_push(ctx, FRONTEND).unwrap();
    let sink = ZSock::new_pull(ctx, format!(">{BACKEND}")).unwrap();
    (proxy, faucet, sink)
}

fn nothing_comes(sink: &Socket<Pull>) {
    assert!(!ZSock::poll(sink, Some(Duration::from_millis(50))).unwrap());
}

#[test]
fn messages_go_through_and_wait_while_it_is_paused() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (proxy, faucet, sink) = streamer(&ctx);
        zstr::sendx(&faucet, &["Hello", "World"]).unwrap();
        let [hello, world] = zstr::recvx(&sink).unwrap();
        assert_eq!((hello.as_deref(), world.as_deref()), (Some("Hello"), Some("World")));

        for _ in 0..3 {
            proxy.pause().unwrap();
            zstr::sendx(&faucet, &["Hello", "World"]).unwrap();
            nothing_comes(&sink);
            proxy.resume().unwrap();
            assert_eq!(ZMsg::recv(&sink).unwrap(), ["Hello", "World"]);
        }
    });
}

#[test]
fn the_commands_are_czmqs() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let proxy = ZActorLike(ZProxy::new(&ctx).unwrap());
        let captured = ZSock::new_pull(&ctx, "inproc://capture").unwrap();
        proxy.command(&["VERBOSE"]);
        proxy.command(&["FRONTEND", "PULL", "inproc://frontend"]);
        proxy.command(&["BACKEND", "PUSH", "inproc://backend"]);
        proxy.command(&["CAPTURE", "inproc://capture"]);
        let faucet = ZSock::new_push(&ctx, FRONTEND).unwrap();
        let sink = ZSock::new_pull(&ctx, format!(">{BACKEND}")).unwrap();
        zstr::send(&faucet, "Hello").unwrap();
        assert_eq!(zstr::recv(&sink).unwrap(), "Hello");
        assert_eq!(zstr::recv(&captured).unwrap(), "Hello");
        proxy.command(&["PAUSE"]);
        zstr::send(&faucet, "World").unwrap();
        nothing_comes(&sink);
        proxy.command(&["RESUME"]);
        assert_eq!(zstr::recv(&sink).unwrap(), "World");
        assert_eq!(zstr::recv(&captured).unwrap(), "World");
    });
}

/// A proxy that is used by hand.
struct ZActorLike(ZProxy);

impl ZActorLike {
    fn command(&self, words: &[&str]) {
        zstr::sendx(&self.0, words).unwrap();
        assert_eq!(ZSock::wait(&self.0).unwrap(), 0, "{words:?}");
    }
}

#[test]
fn a_capture_that_comes_later_loses_nothing() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (proxy, faucet, sink) = streamer(&ctx);
        let captured = ZSock::new_pull(&ctx, "inproc://capture").unwrap();
        for number in 0..100 {
            zstr::send(&faucet, number.to_string()).unwrap();
        }
        proxy.pause().unwrap();
        proxy.capture("inproc://capture").unwrap();
        zstr::send(&faucet, "100").unwrap();
        // What was captured first is what came through after that.
        assert!(!ZSock::poll(&captured, Some(Duration::from_millis(50))).unwrap());
        proxy.resume().unwrap();
        for number in 0..=100 {
            assert_eq!(zstr::recv(&sink).unwrap(), number.to_string());
        }
        wait_until("the last one is captured", || zstr::recv(&captured).unwrap() == "100");
    });
}

#[test]
fn a_capture_that_comes_while_it_is_paused_lets_nothing_through() {
    within(|| {
        for _ in 0..rounds(50) {
            let ctx = ZCtx::new().unwrap();
            let (proxy, faucet, sink) = streamer(&ctx);
            let _captured = ZSock::new_pull(&ctx, "inproc://capture").unwrap();
            proxy.pause().unwrap();
            zstr::send(&faucet, "Hello").unwrap();
            proxy.capture("inproc://capture").unwrap();
            // What has begun anew answers, and by then the sink has what it was sent before.
            proxy.pause().unwrap();
            assert!(!ZSock::poll(&sink, Some(Duration::ZERO)).unwrap());
            proxy.resume().unwrap();
            assert_eq!(zstr::recv(&sink).unwrap(), "Hello");
        }
    });
}

#[test]
fn a_pause_before_it_has_begun_holds() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let proxy = ZProxy::new(&ctx).unwrap();
        proxy.pause().unwrap();
        proxy.backend(Push, BACKEND).unwrap();
        proxy.frontend(Pull, FRONTEND).unwrap();
        let faucet = ZSock::new_push(&ctx, FRONTEND).unwrap();
        let sink = ZSock::new_pull(&ctx, format!(">{BACKEND}")).unwrap();
        zstr::send(&faucet, "Hello").unwrap();
        nothing_comes(&sink);
        proxy.resume().unwrap();
        assert_eq!(zstr::recv(&sink).unwrap(), "Hello");
    });
}

#[test]
fn requests_and_subscriptions_go_either_way() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let queue = ZProxy::new(&ctx).unwrap();
        queue.frontend(Router, "inproc://clients").unwrap();
        queue.backend(Dealer, "inproc://workers").unwrap();
        let client = ZSock::new_req(&ctx, "inproc://clients").unwrap();
        let worker = ZSock::new_rep(&ctx, ">inproc://workers").unwrap();
        zstr::send(&client, "request").unwrap();
        assert_eq!(zstr::recv(&worker).unwrap(), "request");
        zstr::send(&worker, "reply").unwrap();
        assert_eq!(zstr::recv(&client).unwrap(), "reply");

        let forwarder = ZProxy::new(&ctx).unwrap();
        forwarder.subscribed(Frontend, Sub, "inproc://publishers", &["A", "B"]).unwrap();
        forwarder.backend(Pub, "inproc://subscribers").unwrap();
        let publisher = ZSock::new_pub(&ctx, ">inproc://publishers").unwrap();
        let subscriber = ZSock::new_sub(&ctx, "inproc://subscribers", Some("")).unwrap();
        wait_until("both subscriptions have passed", || {
            for topic in ["A", "C", "B"] {
                zstr::send(&publisher, topic).unwrap();
            }
            let next = || subscriber.recv_timeout(Duration::from_millis(20)).ok();
            next().is_some_and(|a| a == "A") && next().is_some_and(|b| b == "B")
        });
    });
}

#[test]
fn a_command_that_is_wrong_is_an_error_and_no_more() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let taken = ZSock::new_pull(&ctx, "inproc://taken").unwrap();
        let proxy = ZProxy::new(&ctx).unwrap();
        let kind = |result: czmq_like::Result<()>| result.unwrap_err().kind();
        assert_eq!(kind(proxy.frontend(Pull, "inproc://taken")), ErrorKind::AddrInUse);
        assert_eq!(kind(proxy.frontend(Pull, "bogus://taken")), ErrorKind::Unsupported);
        assert_eq!(kind(proxy.frontend(Pull, "inproc://a,,")), ErrorKind::InvalidInput);
        let topics = proxy.subscribed(Frontend, Pull, "inproc://a", &["A"]);
        assert_eq!(kind(topics), ErrorKind::InvalidInput);
        assert_eq!(kind(proxy.capture("bogus")), ErrorKind::InvalidInput);
        let nonsense: &[&[&str]] = &[
            &["NONSENSE"],
            &[""],
            &["FRONTEND"],
            &["FRONTEND", "PULL"],
            &["FRONTEND", "PALL", "inproc://a"],
            &["CAPTURE"],
            &["DOMAIN", "SIDEWAYS", "x"],
            &["PLAIN"],
            &["CURVE", "FRONTEND", "no key", "no key"],
            &["PAUSE", "now"],
            &["$TERM", "now"],
        ];
        for words in nonsense {
            zstr::sendx(&proxy, words).unwrap();
            assert_eq!(ZSock::wait(&proxy).unwrap(), 1, "{words:?}");
        }
        ZMsg::from([[0xFF, 0xFE]]).send(&proxy).unwrap();
        assert_eq!(ZSock::wait(&proxy).unwrap(), 1);

        // It is as good as new.
        drop(taken);
        proxy.frontend(Pull, FRONTEND).unwrap();
        assert_eq!(kind(proxy.frontend(Pull, "inproc://a")), ErrorKind::BadState);
        assert_eq!(kind(proxy.domain(Frontend, "late")), ErrorKind::BadState);
        assert_eq!(kind(proxy.plain(Frontend)), ErrorKind::BadState);
        proxy.backend(Push, BACKEND).unwrap();
        assert_eq!(kind(proxy.backend(Push, "inproc://a")), ErrorKind::BadState);
        let faucet = ZSock::new_push(&ctx, FRONTEND).unwrap();
        let sink = ZSock::new_pull(&ctx, format!(">{BACKEND}")).unwrap();
        zstr::send(&faucet, "Hello").unwrap();
        assert_eq!(zstr::recv(&sink).unwrap(), "Hello");
    });
}

#[test]
fn a_secret_key_is_in_no_error() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let proxy = ZProxy::new(&ctx).unwrap();
        let port = free_port();
        // Of the first two nobody reads the answers. When the third has bound, they are done.
        zstr::sendx(&proxy, &["?"]).unwrap();
        zstr::sendx(&proxy, &["?"]).unwrap();
        zstr::sendx(&proxy, &["FRONTEND", "PULL", &format!("tcp://127.0.0.1:{port}")]).unwrap();
        wait_until("it is bound", || TcpStream::connect(("127.0.0.1", port)).is_ok());

        let keys = KeyPair { public: [7; 32].into(), secret: [9; 32].into() };
        let reasons = ["no such command, or not with so many words", "CURVE"];
        for reason in reasons {
            let error = proxy.curve(Backend, &keys).unwrap_err();
            assert_eq!(error.to_string(), format!("command ZProxy: {reason}"));
        }
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_secret_key_is_not_logged() {
    use common::log::Logged;

    common::process::in_child("a_secret_key_is_not_logged", || {
        let log = Logged::here();
        let ctx = ZCtx::new().unwrap();
        let proxy = ZProxy::new(&ctx).unwrap();
        proxy.verbose().unwrap();
        let keys = KeyPair { public: [7; 32].into(), secret: [9; 32].into() };
        proxy.curve(Backend, &keys).unwrap();
        let (public, secret) = (keys.public.to_string(), keys.secret.to_z85());
        let mistaken: &[&[&str]] = &[
            &["CURVE", "FRONTEND", &secret],
            &["CURVE", &secret, &public, "FRONTEND"],
            &["CURVE", "FRONTEND", &public, &secret[1..]],
            &["curve\n", "FRONTEND", &public, &secret],
            &["PLAIN", &secret],
        ];
        for words in mistaken {
            zstr::sendx(&proxy, words).unwrap();
            assert_eq!(ZSock::wait(&proxy).unwrap(), 1, "{words:?}");
        }
        zsys::set_logstream(None);
        let text = log.text();
        assert!(!text.contains(&secret[1..]), "{text}");
        let name = |line: &'static str| format!(" zproxy: API command={line}");
        for (at, wanted) in [(0, name("CURVE")), (7, name("curve\\n")), (9, name("PLAIN"))] {
            assert!(text.lines().nth(at).unwrap().ends_with(&wanted), "{text}");
        }
    });
}

#[test]
fn its_sockets_are_closed_when_it_has_gone() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (proxy, faucet, sink) = streamer(&ctx);
        drop(proxy);
        // libzmq forgets an inproc endpoint when one of its threads has closed the socket.
        for endpoint in [FRONTEND, BACKEND] {
            wait_until("it is free again", || ZSock::new_pull(&ctx, endpoint).is_ok());
        }
        drop((faucet, sink));
        ctx.destroy().unwrap();
    });
}

#[test]
fn what_ends_the_loop_ends_the_proxy() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (proxy, faucet, sink) = streamer(&ctx);
        drop(ctx);
        assert_eq!(proxy.pause().unwrap_err().kind(), ErrorKind::Terminated);
        drop((proxy, faucet, sink));

        let ctx = ZCtx::new().unwrap();
        let (proxy, ..) = streamer(&ctx);
        zstr::send(&proxy, "$TERM").unwrap();
        assert_eq!(zstr::recv(&proxy).unwrap_err().kind(), ErrorKind::Disconnected);
        assert_eq!(proxy.pause().unwrap_err().kind(), ErrorKind::Disconnected);
    });
}

/// Whom a ZAP handler was asked about: the domain, and what the client has shown.
type Asked = Arc<Mutex<Vec<(String, Credentials)>>>;

/// Lets everybody in, and keeps who that was.
fn doorman(ctx: &ZCtx) -> (Asked, zmqx::zap::Service) {
    let asked = Asked::default();
    let noted = Arc::clone(&asked);
    let handler = Handler::bind(&ctx.underlying().unwrap()).unwrap();
    let service = handler.spawn(move |request| {
        let seen = (request.domain().to_owned(), request.credentials().clone());
        noted.lock().unwrap().push(seen);
        Reply::accept("somebody")
    });
    (asked, service.unwrap())
}

#[cfg(unix)]
#[test]
fn a_side_has_the_domain_and_the_mechanism_that_it_was_told() {
    within(|| {
        if !common::runs_with(4, 0, 0) {
            return;
        }
        let ctx = ZCtx::new().unwrap();
        let directory = tempfile::TempDir::new().unwrap();
        let endpoint =
            |name: &str| format!("ipc://{}", directory.path().join(name).to_str().unwrap());
        let (asked, _service) = doorman(&ctx);
        let proxy = ZProxy::new(&ctx).unwrap();
        proxy.domain(Frontend, "front").unwrap();
        proxy.plain(Frontend).unwrap();
        proxy.frontend(Pull, endpoint("frontend")).unwrap();
        let keys = has(Capability::Curve).then(|| KeyPair::new().unwrap());
        proxy.domain(Backend, "back").unwrap();
        if let Some(keys) = &keys {
            proxy.curve(Backend, keys).unwrap();
        }
        proxy.backend(Push, endpoint("backend")).unwrap();

        let faucet = ctx.socket(Push).unwrap();
        faucet.set_plain_username(Some("admin")).unwrap();
        faucet.set_plain_password(Some("secret")).unwrap();
        faucet.connect(endpoint("frontend")).unwrap();
        let sink = ctx.socket(Pull).unwrap();
        let client = keys.as_ref().map(|server| {
            let client = KeyPair::new().unwrap();
            sink.set_curve_serverkey(&server.public).unwrap();
            sink.set_curve_publickey(&client.public).unwrap();
            sink.set_curve_secretkey(&client.secret).unwrap();
            client.public
        });
        sink.connect(endpoint("backend")).unwrap();
        zstr::send(&faucet, "Hello").unwrap();
        assert_eq!(zstr::recv(&sink).unwrap(), "Hello");

        let asked = asked.lock().unwrap();
        let by = |name| asked.iter().find(|(domain, _)| domain == name).map(|(_, shown)| shown);
        let Some(Credentials::Plain { username, password }) = by("front") else {
            panic!("not PLAIN: {asked:?}")
        };
        assert_eq!((username.as_str(), password.as_str()), ("admin", "secret"));
        match (by("back"), client) {
            (Some(Credentials::Curve(public_key)), Some(client)) => {
                assert_eq!(*public_key, client);
            }
            (Some(Credentials::Null), None) => {}
            (other, _) => panic!("not the mechanism of the backend: {other:?}"),
        }
    });
}
