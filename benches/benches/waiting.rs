//! One active socket among many that are idle: a frame is waited for, received, and sent again.
#![allow(missing_docs, reason = "criterion's macros make functions of their own")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on ends")]

use std::time::Instant;

use bench::workload::Among;
use bench::{Library, Raw, Zmqx};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use rustix::process::{Resource, getrlimit, setrlimit};
use zmqx::Message;

const SOCKETS: [usize; 5] = [1, 10, 100, 1000, 10_000];

fn polled<L: Library>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, count: usize) {
    let among = Among::<L>::new(L::context(), count);
    let (mut items, mut message) = (L::items(&among.sockets), L::Message::default());
    group.bench_function(BenchmarkId::new(name, count), |bencher| {
        bencher.iter(|| among.echo(L::poll(&mut items), &mut message));
    });
}

fn poller(group: &mut BenchmarkGroup<'_, WallTime>, count: usize) {
    let among = Among::<Zmqx>::new(Zmqx::context(), count);
    let (mut poller, mut message) = (among.poller(), Message::new());
    group.bench_function(BenchmarkId::new("zmqx, Poller", count), |bencher| {
        bencher.iter(|| {
            let ready = poller.wait(None).unwrap().unwrap();
            among.echo(ready.key(), &mut message);
        });
    });
}

fn zloop(group: &mut BenchmarkGroup<'_, WallTime>, count: usize) {
    let among = Among::<Zmqx>::new(Zmqx::context(), count);
    let mut reactor = among.reactor(0);
    group.bench_function(BenchmarkId::new("czmq-like, ZLoop", count), |bencher| {
        bencher.iter_custom(|mut events| {
            let start = Instant::now();
            reactor.start(&mut events).unwrap();
            start.elapsed()
        });
    });
}

/// How many file descriptors the process may have, of which it takes all.
fn descriptors() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    limit.current.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX))
}

fn among_idle_ones(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("an event among so many sockets");
    group.sample_size(10);
    // Each socket has one.
    let limit = descriptors();
    for count in SOCKETS {
        if count + 200 > limit {
            println!("skipped: {count} sockets, with {limit} file descriptors");
            continue;
        }
        polled::<Raw>(&mut group, "C, zmq_poll", count);
        polled::<Zmqx>(&mut group, "zmqx, poll", count);
        poller(&mut group, count);
        zloop(&mut group, count);
    }
    group.finish();
}

criterion_group!(benches, among_idle_ones);
criterion_main!(benches);
