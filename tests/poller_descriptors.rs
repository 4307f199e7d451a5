//! File descriptors in a `Poller`, signals while it waits, and forks.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use zmqx::{Context, ErrorKind, PollEvents, Poller};

use common::{SOON, connected_pair, in_child, interruptible, within};
use testing::storm::Storm;

const ZERO: Option<Duration> = Some(Duration::ZERO);
const IN: PollEvents = PollEvents::IN;

#[test]
fn descriptors_are_told_of_beside_sockets() {
    within(SOON, || {
        let (a, b) = connected_pair(&Context::new().unwrap());
        let (mut ours, mut theirs) = UnixStream::pair().unwrap();
        let mut poller = Poller::new().unwrap();
        poller.add(&a, 1, IN).unwrap();
        poller.add_fd(ours.try_clone().unwrap(), 2, IN).unwrap();
        for _ in 0..3 {
            assert_eq!(poller.wait(ZERO).unwrap(), None);
            theirs.write_all(b"xy").unwrap();
            for _ in 0..2 {
                let ready = poller.wait(None).unwrap().unwrap();
                assert!(ready.key() == 2 && ready.is_readable() && !ready.is_error());
                ours.read_exact(&mut [0]).unwrap();
            }
            assert_eq!(poller.wait(ZERO).unwrap(), None);
            b.send("x").unwrap();
            assert_eq!(poller.wait(None).unwrap().unwrap().key(), 1);
            a.recv().unwrap();
        }
        poller.modify(2, PollEvents::OUT).unwrap();
        assert!(poller.wait(None).unwrap().unwrap().is_writable());
        poller.modify(2, PollEvents::empty()).unwrap();
        assert_eq!(poller.wait(ZERO).unwrap(), None);
        poller.modify(2, IN).unwrap();
        drop(theirs);
        // The end of a stream can be read, again and again.
        assert!(poller.wait(None).unwrap().unwrap().is_readable());
        assert!(poller.wait(None).unwrap().unwrap().is_readable());
        poller.remove(2).unwrap();
        assert_eq!(poller.wait(ZERO).unwrap(), None);
    });
}

#[test]
fn what_another_has_read_is_not_told_of() {
    within(SOON, || {
        let streams: Vec<_> = (0..3).map(|_| UnixStream::pair().unwrap()).collect();
        let mut poller = Poller::new().unwrap();
        for (key, (ours, theirs)) in streams.iter().enumerate() {
            poller.add_fd(ours, key, IN).unwrap();
            let mut writer = theirs;
            writer.write_all(b"x").unwrap();
        }
        assert!(poller.wait(None).unwrap().is_some());
        for (mut ours, _) in streams.iter().map(|(ours, theirs)| (ours, theirs)) {
            ours.read_exact(&mut [0]).unwrap();
        }
        assert_eq!(poller.wait(ZERO).unwrap(), None);
    });
}

#[test]
fn a_writer_that_is_gone_is_told_of_as_an_error() {
    within(SOON, || {
        let mut child = Command::new("true").stdout(Stdio::piped()).spawn().unwrap();
        let reader = child.stdout.take().unwrap();
        assert!(child.wait().unwrap().success());
        let mut poller = Poller::new().unwrap();
        poller.add_fd(&reader, 1, IN).unwrap();
        let ready = poller.wait(None).unwrap().unwrap();
        assert!(ready.is_error() && !ready.is_readable());
    });
}

#[test]
fn a_file_on_disk_is_always_ready() {
    within(SOON, || {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"x").unwrap();
        let mut poller = Poller::new().unwrap();
        poller.add_fd(&file, 1, IN).unwrap();
        for _ in 0..3 {
            assert_eq!(poller.wait(None).unwrap().unwrap().key(), 1);
        }
        poller.remove(1).unwrap();
        assert_eq!(poller.wait(ZERO).unwrap(), None);
    });
}

#[test]
fn a_descriptor_is_registered_once_and_can_be_shared_or_given_away() {
    within(SOON, || {
        let (reader, mut writer) = UnixStream::pair().unwrap();
        let number = reader.as_raw_fd();
        let mut poller = Poller::new().unwrap();
        let shared = Rc::new(reader);
        poller.add_fd(Rc::clone(&shared), 1, IN).unwrap();
        let again = poller.add_fd(Rc::clone(&shared), 2, IN);
        assert_eq!(again.unwrap_err().kind(), ErrorKind::InvalidInput);
        poller.remove(1).unwrap();
        let reader = Rc::into_inner(shared).unwrap();
        assert_eq!(reader.as_fd().as_raw_fd(), number);
        poller.add_fd(reader, 1, IN).unwrap();
        // It is closed with the Poller.
        drop(poller);
        assert!(writer.write_all(b"x").is_err());
    });
}

#[test]
fn a_signal_ends_the_wait_only_where_there_is_no_interrupt() {
    within(SOON, || {
        let _storm = Storm::on_this_thread();
        if cfg!(all(target_os = "linux", not(zmqx_polling))) {
            let (plain, _peer) = connected_pair(&Context::new().unwrap());
            let mut poller = Poller::new().unwrap();
            poller.add(&plain, 1, IN).unwrap();
            assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Interrupted);
        }
        let (_interrupt, ctx) = interruptible();
        let (watched, _peer) = connected_pair(&ctx);
        let mut poller = Poller::new().unwrap();
        poller.add(&watched, 1, IN).unwrap();
        let start = Instant::now();
        assert_eq!(poller.wait(Some(Duration::from_millis(100))).unwrap(), None);
        assert!(start.elapsed() >= Duration::from_millis(100));
    });
}

/// The time for which this thread has used a processor.
fn cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: clock_gettime(2) only writes to `time`.
    let rc = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(rc, 0);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

#[test]
fn waiting_uses_no_processor() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let pairs: Vec<_> = (0..100).map(|_| connected_pair(&ctx)).collect();
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let mut poller = Poller::new().unwrap();
        for (key, (socket, peer)) in pairs.iter().enumerate() {
            peer.send("x").unwrap();
            poller.add(socket, key, IN).unwrap();
        }
        poller.add_fd(&ours, 100, IN).unwrap();
        while let Some(ready) = poller.wait(ZERO).unwrap() {
            pairs[ready.key()].0.recv().unwrap();
        }
        let before = cpu_time();
        assert_eq!(poller.wait(Some(Duration::from_millis(500))).unwrap(), None);
        assert!(cpu_time() - before < Duration::from_millis(20));
    });
}

#[test]
fn in_a_child_it_is_an_error_and_the_parents_goes_on() {
    in_child("in_a_child_it_is_an_error_and_the_parents_goes_on", || {
        within(SOON, || {
            let (a, b) = connected_pair(&Context::new().unwrap());
            let mut poller = Poller::new().unwrap();
            poller.add(&a, 1, IN).unwrap();
            assert_eq!(poller.wait(ZERO).unwrap(), None);
            // SAFETY: the child ends by _exit(2), and only drops what it inherited before.
            let child = unsafe { libc::fork() };
            if child == 0 {
                let is_forked = poller.wait(ZERO).unwrap_err().kind() == ErrorKind::Forked
                    && poller.add_fd(File::open("/dev/null").unwrap(), 2, IN).is_err();
                poller.remove(1).unwrap();
                drop(poller);
                // SAFETY: _exit(2) does not return.
                unsafe { libc::_exit(i32::from(!is_forked)) };
            }
            let mut status = 0;
            // SAFETY: waitpid(2) only writes to `status`.
            assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
            assert_eq!(status, 0);
            b.send("x").unwrap();
            assert_eq!(poller.wait(Some(SOON)).unwrap().unwrap().key(), 1);
        });
    });
}
