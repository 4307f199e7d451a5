//! `PipeReport`: what the other end of a pipe learns of a thread that ends.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::thread;
use std::time::{Duration, Instant};

use common::{SOON, both_sorts, inproc, within};
use zmqx::{Error, ErrorKind, Pair, PollEvents, Socket, poll};

/// Runs `test` with the ends of a pipe, of a context without and of one with an interrupt.
fn each(test: impl Fn(Socket<Pair>, Socket<Pair>) + Send + 'static) {
    within(SOON, move || {
        for ctx in both_sorts() {
            let (parent, child) = ctx.pipe().unwrap();
            test(parent, child);
        }
    });
}

fn failure() -> Error {
    Error::invalid("mend shoes", "out of leather")
}

#[test]
fn an_error_comes_after_what_is_queued_and_again_and_again() {
    each(|parent, child| {
        let report = child.report().unwrap();
        child.send_multipart(["a", "b"]).unwrap();
        drop(child);
        report.end(Err(failure())).unwrap();
        assert_eq!(parent.recv_multipart().unwrap(), ["a", "b"]);
        for _ in 0..3 {
            let errors = [
                parent.recv().unwrap_err(),
                parent.try_recv().unwrap_err(),
                parent.recv_multipart().unwrap_err(),
                parent.send("c").unwrap_err().error,
                parent.send_multipart(["c"]).unwrap_err().error,
            ];
            for error in errors {
                assert_eq!(error.kind(), ErrorKind::InvalidInput);
                assert_eq!(error.to_string(), "mend shoes: out of leather");
            }
        }
    });
}

#[test]
fn the_other_end_waits_for_the_report() {
    each(|parent, child| {
        let report = child.report().unwrap();
        let thread = thread::spawn(move || {
            drop(child);
            // So that the other end has something to wait for.
            thread::sleep(Duration::from_millis(50));
            report.end(Err(failure())).unwrap();
        });
        assert_eq!(parent.recv().unwrap_err().kind(), ErrorKind::InvalidInput);
        thread.join().unwrap();
    });
}

#[test]
fn the_other_end_does_not_wait_long_for_a_thread_that_goes_on() {
    each(|parent, child| {
        let report = child.report().unwrap();
        drop(child);
        let begun = Instant::now();
        assert_eq!(parent.recv().unwrap_err().kind(), ErrorKind::Disconnected);
        assert!(begun.elapsed() >= Duration::from_millis(900), "{:?}", begun.elapsed());
        // From then on not at all, until there is word.
        let begun = Instant::now();
        for _ in 0..1000 {
            assert_eq!(parent.recv().unwrap_err().kind(), ErrorKind::Disconnected);
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        report.end(Err(failure())).unwrap();
        assert_eq!(parent.recv().unwrap_err().kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn poll_does_not_wait_for_the_report() {
    each(|parent, child| {
        let report = child.report().unwrap();
        drop(child);
        let begun = Instant::now();
        for _ in 0..10 {
            let mut items = [parent.poll_item(PollEvents::IN | PollEvents::OUT)];
            assert_eq!(poll(&mut items, Some(SOON)).unwrap(), 1);
            assert!(items[0].is_writable());
        }
        assert!(begun.elapsed() < Duration::from_millis(900), "{:?}", begun.elapsed());
        drop(report);
    });
}

#[test]
fn a_thread_that_ends_well_has_disconnected() {
    each(|parent, child| {
        let report = child.report().unwrap();
        drop(child);
        report.end(Ok(())).unwrap();
        assert_eq!(parent.recv().unwrap_err().kind(), ErrorKind::Disconnected);
    });
    each(|parent, child| {
        let report = child.report().unwrap();
        drop(child);
        drop(report);
        assert_eq!(parent.recv().unwrap_err().kind(), ErrorKind::Disconnected);
    });
}

#[test]
fn a_panic_after_the_end_is_gone_is_told() {
    each(|parent, child| {
        let report = child.report().unwrap();
        let thread = thread::spawn(move || {
            let _report = report;
            drop(child);
            std::panic::resume_unwind(Box::new("on purpose"));
        });
        assert_eq!(parent.recv().unwrap_err().kind(), ErrorKind::Panicked);
        assert!(thread.join().is_err());
    });
}

#[test]
fn a_report_before_the_end_is_gone_waits_for_that() {
    each(|parent, child| {
        let report = child.report().unwrap();
        report.end(Err(failure())).unwrap();
        parent.send("still here?").unwrap();
        assert_eq!(child.recv().unwrap(), "still here?");
        child.send("yes").unwrap();
        assert_eq!(parent.recv().unwrap(), "yes");
        drop(child);
        assert_eq!(parent.recv().unwrap_err().kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn an_error_that_nobody_learns_of_comes_back() {
    each(|parent, child| {
        let report = child.report().unwrap();
        drop(parent);
        assert_eq!(report.end(Err(failure())).unwrap_err().kind(), ErrorKind::InvalidInput);
        let report = child.report().unwrap();
        report.end(Ok(())).unwrap();
    });
}

#[test]
fn a_proxy_over_a_pipe_ends_with_the_error() {
    each(|parent, child| {
        let report = child.report().unwrap();
        let other = parent.context().socket(Pair).unwrap();
        other.bind(inproc()).unwrap();
        drop(child);
        report.end(Err(failure())).unwrap();
        let error = zmqx::proxy(&parent, &other).unwrap_err();
        assert_eq!(error.to_string(), "mend shoes: out of leather");
    });
}

#[test]
fn only_an_end_of_a_pipe_has_a_report() {
    let ctx = zmqx::Context::new().unwrap();
    let error = ctx.socket(Pair).unwrap().report().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), "announce report: this is no end of a pipe");
}

#[test]
fn an_error_from_the_system_keeps_its_words() {
    each(|parent, child| {
        let report = child.report().unwrap();
        drop(child);
        let error = std::fs::read("/there/is/no/such/file").unwrap_err();
        let text = Error::from(error).to_string();
        let error = std::fs::read("/there/is/no/such/file").unwrap_err();
        report.end(Err(error.into())).unwrap();
        let error = parent.recv().unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::NotFound, text));
    });
}
