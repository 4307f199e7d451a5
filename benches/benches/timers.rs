//! A timer that is added and ended, and an event of a reactor, beside so many timers that are pending.
#![allow(missing_docs, reason = "criterion's macros make functions of their own")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on ends")]

use std::time::Instant;

use bench::raw::Timers;
use bench::reactor::{SOONER, echo, reactor};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use zmqx::Context;

const PENDING: [usize; 4] = [1, 1000, 100_000, 1_000_000];

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
    echo(&mut reactor, &input, &output);
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
