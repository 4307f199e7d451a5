//! Nothing is lost by a socket that is in a `Poller`, whatever else is done with it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failure here is the test's failure"
)]

mod common;

use std::thread;
use std::time::{Duration, Instant};

use zmqx::{Context, Dealer, ErrorKind, Interrupt, Pair, PollEvents, Poller, Socket, poll};

use common::poller::{expect, expect_none};
use common::{
    SOON, TCP, both_sorts, connected, connected_over, connected_pair, inproc, interruptible,
    rounds, within,
};

const ZERO: Option<Duration> = Some(Duration::ZERO);
const IN: PollEvents = PollEvents::IN;

type Use = (&'static str, fn(&Socket<Dealer>));

/// Each call that may take note of a socket's news.
const USES: &[Use] = &[
    ("send", |socket| socket.send("to the peer").unwrap()),
    ("send_multipart", |socket| socket.send_multipart(["to", "it"]).unwrap()),
    ("recv", |socket| drop(socket.recv().unwrap())),
    ("try_recv", |socket| drop(socket.try_recv())),
    ("recv_timeout", |socket| drop(socket.recv_timeout(SOON).unwrap())),
    ("recv_multipart", |socket| drop(socket.recv_multipart().unwrap())),
    ("getsockopt", |socket| assert!(socket.events().is_ok())),
    ("setsockopt", |socket| socket.set_sndtimeo(None).unwrap()),
    ("bind", |socket| drop(socket.bind(inproc()).unwrap())),
    ("bind tcp", |socket| drop(socket.bind(TCP).unwrap())),
    ("unbind", |socket| drop(socket.unbind("tcp://127.0.0.1:1"))),
    ("connect", |socket| socket.connect("tcp://127.0.0.1:1").unwrap()),
    ("disconnect", |socket| drop(socket.disconnect("tcp://127.0.0.1:1"))),
    ("poll", |socket| assert_eq!(poll(&mut [socket.poll_item(IN)], None).unwrap(), 1)),
    ("debug", |socket| drop(format!("{socket:?}"))),
    ("recv_many", |socket| assert_eq!(socket.recv_many(&mut Vec::new(), 1).unwrap(), 1)),
];

/// Those that go on with a message that has begun.
const FURTHER: &[Use] = &[
    ("another frame", |socket| socket.send_more("and another").unwrap()),
    ("the last frame", |socket| socket.send("and the last").unwrap()),
    ("the other frames", |socket| socket.send_multipart(["and", "others"]).unwrap()),
];

#[test]
fn no_use_of_a_socket_loses_what_has_come() {
    within(SOON, || {
        for ctx in both_sorts() {
            for is_tcp in [false, true] {
                let uses = USES.iter().map(|one| (one, false));
                for ((name, call), has_begun) in uses.chain(FURTHER.iter().map(|one| (one, true))) {
                    let endpoint = if is_tcp { TCP.to_owned() } else { inproc() };
                    let (a, b) = connected_over(&ctx, &endpoint, Dealer, Dealer);
                    let (other, _peer) = connected(&ctx, Dealer, Dealer);
                    let mut poller = Poller::new().unwrap();
                    poller.add(&a, 1, IN).unwrap();
                    poller.add(&other, 2, IN).unwrap();
                    // The connection is made, and all its news taken note of.
                    b.send("first").unwrap();
                    expect(&mut poller, 1);
                    a.recv().unwrap();
                    if has_begun {
                        a.send_more("begun").unwrap();
                    }
                    expect_none(&mut poller);
                    b.send("second").unwrap();
                    b.send("third").unwrap();
                    // Until they are there, or on their way; either will do. And a send takes note of news only after a
                    // while without.
                    thread::sleep(Duration::from_millis(3));
                    call(&a);
                    assert_eq!(poller.wait(Some(SOON)).unwrap().expect(name).key(), 1, "{name}");
                }
            }
        }
    });
}

#[test]
fn an_item_made_before_loses_nothing() {
    within(SOON, || {
        let (a, b) = connected_pair(&Context::new().unwrap());
        let mut poller = Poller::new().unwrap();
        let mut items = [a.poll_item(IN)];
        poller.add(&a, 1, IN).unwrap();
        expect_none(&mut poller);
        b.send("x").unwrap();
        assert_eq!(poll(&mut items, None).unwrap(), 1);
        expect(&mut poller, 1);
    });
}

#[test]
fn nothing_is_lost_among_uses_at_random_moments() {
    within(SOON * 4, || {
        const COUNT: u64 = 300;
        for ctx in both_sorts() {
            let (server, client) = connected_over(&ctx, TCP, Dealer, Dealer);
            let (inner, feeder) = connected(&ctx, Pair, Pair);
            let total = COUNT * rounds(10) as u64;
            let sender = thread::spawn(move || {
                for number in 0..total {
                    client.send(number.to_ne_bytes()).unwrap();
                    feeder.send(number.to_ne_bytes()).unwrap();
                    if number % 7 == 0 {
                        // So that both sockets run dry, now and then.
                        thread::sleep(Duration::from_micros(number % 50));
                    }
                }
                (client, feeder)
            });
            let mut poller = Poller::new().unwrap();
            poller.add(&server, 0, IN).unwrap();
            poller.add(&inner, 1, IN).unwrap();
            let mut received = [0; 2];
            let mut chance = 0_u64;
            while received != [total; 2] {
                let ready = poller.wait(Some(SOON)).unwrap().expect("what was sent");
                chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let message = match ready.key() {
                    0 => server.try_recv(),
                    _ => inner.try_recv(),
                };
                assert_eq!(message.unwrap(), received[ready.key()].to_ne_bytes());
                received[ready.key()] += 1;
                match chance >> 61 {
                    0 => assert!(server.events().is_ok()),
                    1 => assert!(inner.rcvhwm().is_ok()),
                    2 => drop(poll(&mut [server.poll_item(IN), inner.poll_item(IN)], ZERO)),
                    3 => server.send("back").unwrap(),
                    4 => {
                        if let Ok(message) = inner.try_recv() {
                            assert_eq!(message, received[1].to_ne_bytes());
                            received[1] += 1;
                        }
                    }
                    _ => {}
                }
            }
            drop(poller);
            drop(sender.join().unwrap());
        }
    });
}

#[test]
fn a_socket_whose_pointer_is_known_is_always_asked() {
    within(SOON, || {
        let (a, b) = connected_pair(&Context::new().unwrap());
        let mut poller = Poller::new().unwrap();
        poller.add(&a, 1, IN).unwrap();
        expect_none(&mut poller);
        let raw = a.as_raw();
        for _ in 0..3 {
            expect_none(&mut poller);
            b.send("x").unwrap();
            let (mut events, mut len) = (0_i32, size_of::<i32>());
            let (value, option) = ((&raw mut events).cast(), zmq_sys_ext::ZMQ_EVENTS);
            // SAFETY: the socket is open and this thread's; libzmq writes an int, and its size.
            let rc = unsafe { zmq_sys_ext::zmq_getsockopt(raw, option, value, &raw mut len) };
            assert_eq!((rc, events & zmq_sys_ext::ZMQ_POLLIN), (0, zmq_sys_ext::ZMQ_POLLIN));
            expect(&mut poller, 1);
            a.recv().unwrap();
        }
    });
}

#[test]
fn what_is_not_interruptible_goes_on_after_a_trigger() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let (a, b) = connected_pair(&ctx);
        let mut poller = Poller::new().unwrap();
        poller.add(&a, 1, IN).unwrap();
        for _ in 0..2 {
            poller.set_interruptible(false).unwrap();
            interrupt.trigger();
            // It waits, and does not turn.
            let begun = Instant::now();
            assert_eq!(poller.wait(Some(Duration::from_millis(50))).unwrap(), None);
            assert!(begun.elapsed() >= Duration::from_millis(50));
            b.send("x").unwrap();
            expect(&mut poller, 1);
            assert_eq!(a.try_recv().unwrap(), "x");
            // A socket that comes with the same interrupt, and goes again.
            let (c, d) = connected_pair(&ctx);
            poller.add(c, 2, IN).unwrap();
            d.send("x").unwrap();
            expect(&mut poller, 2);
            poller.remove(2).unwrap();
            poller.set_interruptible(true).unwrap();
            assert_eq!(poller.wait(ZERO).unwrap_err().kind(), ErrorKind::Interrupted);
            interrupt.clear();
            expect_none(&mut poller);
            let handle = interrupt.clone();
            let trigger = thread::spawn(move || handle.trigger());
            assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Interrupted);
            trigger.join().unwrap();
            interrupt.clear();
        }
        // Without a socket, and so without an interrupt, the setting is as good.
        poller.set_interruptible(false).unwrap();
        poller.remove(1).unwrap();
        interrupt.trigger();
        poller.add(&a, 1, IN).unwrap();
        expect_none(&mut poller);
        poller.set_interruptible(true).unwrap();
        assert_eq!(poller.wait(ZERO).unwrap_err().kind(), ErrorKind::Interrupted);
    });
}

#[test]
fn interrupts_that_cannot_be_waited_on_again_leave_all_as_it_was() {
    const FD: usize = 2;
    within(SOON, || {
        let (first, ctx) = interruptible();
        let second = Interrupt::new().unwrap();
        let (a, to_a) = connected_pair(&ctx);
        let mut poller = Poller::new().unwrap();
        poller.add(&a, 1, IN).unwrap();
        poller.set_interrupt(Some(&second)).unwrap();
        poller.set_interruptible(false).unwrap();
        // While it is not waited on, its descriptor is one as any other.
        poller.add_fd(&second, FD, IN).unwrap();
        for _ in 0..2 {
            poller.set_interruptible(true).unwrap_err();
        }
        first.trigger();
        to_a.send("x").unwrap();
        expect(&mut poller, 1);
        poller.remove(FD).unwrap();
        poller.set_interruptible(true).unwrap();
        assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Interrupted);
    });
}
