//! A timer that is added and ended, and an event of a reactor, beside so many timers that are pending.
#![allow(missing_docs, reason = "criterion's macros make functions of their own")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on ends")]

use std::ffi::{c_int, c_void};
use std::ptr;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use czmq_like::prelude::*;
use zmq_sys_ext as ffi;
use zmqx::Context;

const PENDING: [usize; 4] = [1, 1000, 100_000, 1_000_000];
const LONG: Duration = Duration::from_secs(10_000);
/// Sooner than the others: of those that were cancelled libzmq removes the first alone.
const SOONER: Duration = Duration::from_secs(5000);

/// libzmq's timers.
struct Timers(*mut c_void);

impl Timers {
    fn new(pending: usize) -> Self {
        // SAFETY: zmq_timers(3) has no preconditions.
        let timers = Self(unsafe { ffi::zmq_timers_new() });
        for _ in 0..pending {
            timers.add(LONG);
        }
        timers
    }

    fn add(&self, interval: Duration) -> c_int {
        unsafe extern "C" fn ignore(_id: c_int, _arg: *mut c_void) {}
        let (interval, arg) = (usize::try_from(interval.as_millis()).unwrap(), ptr::null_mut());
        // SAFETY: the timers are there; the handler uses nothing.
        let id = unsafe { ffi::zmq_timers_add(self.0, interval, Some(ignore), arg) };
        assert!(id != -1);
        id
    }

    fn cancel(&self, id: c_int) {
        // SAFETY: the timers are there.
        assert_eq!(unsafe { ffi::zmq_timers_cancel(self.0, id) }, 0);
        // SAFETY: as above. This is what removes those that were cancelled.
        assert!(unsafe { ffi::zmq_timers_timeout(self.0) } > 0);
    }
}

impl Drop for Timers {
    fn drop(&mut self) {
        // SAFETY: the timers are there, and this is their last use.
        unsafe { ffi::zmq_timers_destroy(&raw mut self.0) };
    }
}

fn reactor<'a, S: 'a>(pending: usize) -> ZLoop<'a, S> {
    let mut reactor = ZLoop::new().unwrap();
    reactor.set_max_timers(pending + 1);
    for _ in 0..pending {
        reactor.timer(LONG, 1, |_, _, _| ()).unwrap();
    }
    reactor
}

fn added_and_ended(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a timer added and ended beside so many");
    group.sample_size(10);
    for pending in PENDING {
        let timers = Timers::new(pending);
        group.bench_function(BenchmarkId::new("C, zmq_timers", pending), |bencher| {
            bencher.iter(|| timers.cancel(timers.add(SOONER)));
        });
        let mut reactor = reactor::<()>(pending);
        group.bench_function(BenchmarkId::new("czmq-like, ZLoop", pending), |bencher| {
            bencher.iter(|| {
                let timer = reactor.timer(SOONER, 1, |_, _, _| ()).unwrap();
                reactor.timer_end(timer);
            });
        });
    }
    group.finish();
}

fn event(group: &mut BenchmarkGroup<'_, WallTime>, pending: usize) {
    let ctx = Context::new().unwrap();
    let (input, output) = ctx.pipe().unwrap();
    output.send("0123456789ABCDEF").unwrap();
    let mut reactor = reactor(pending);
    reactor
        .reader(&input, |_, input, left: &mut u64| {
            ZFrame::recv(input)?.send(&output)?;
            *left -= 1;
            Ok::<_, zmqx::Error>(if *left == 0 { Break(()) } else { Continue(()) })
        })
        .unwrap();
    group.bench_function(BenchmarkId::new("czmq-like, ZLoop", pending), |bencher| {
        bencher.iter_custom(|events| {
            let (mut left, start) = (events, Instant::now());
            reactor.start(&mut left).unwrap();
            start.elapsed()
        });
    });
}

fn events(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("an event beside so many timers");
    group.sample_size(10);
    for pending in PENDING {
        event(&mut group, pending);
    }
    group.finish();
}

criterion_group!(benches, added_and_ended, events);
criterion_main!(benches);
