//! What comes and goes: contexts, sockets, and threads with a pipe to them.
#![allow(missing_docs, reason = "criterion's macros make functions of their own")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on ends")]

use bench::threads::{echo, fork, raw_fork, round_trip};
use bench::workload::{Echo, PAIRS, Transport};
use bench::{Library, Raw, Zmqx};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use czmq_like::prelude::*;

fn contexts<L: Library>(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a context that is made and ended");
    group.bench_function(BenchmarkId::new(L::NAME, "empty"), |bencher| {
        bencher.iter(L::context);
    });
    group.bench_function(BenchmarkId::new(L::NAME, "with a socket"), |bencher| {
        bencher.iter(|| {
            let context = L::context();
            drop(L::socket(&context, SocketKind::Pair));
        });
    });
    group.finish();
}

fn sockets<L: Library>(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a socket that is opened and closed");
    let context = L::context();
    // The first one starts the context's threads.
    let _first = L::socket(&context, SocketKind::Pair);
    group.bench_function(L::NAME, |bencher| {
        bencher.iter(|| L::socket(&context, SocketKind::Pair));
    });
    group.finish();
}

/// A thread that is started, echoes a frame to its parent by a pipe, and ends.
fn threads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a thread, and a round trip by its pipe");
    let context = Raw::context();
    group.bench_function("C and std::thread", |bencher| {
        bencher.iter(|| raw_fork(&context));
    });
    let ctx = ZCtx::new().unwrap();
    group.bench_function("czmq-like, zthread::fork", |bencher| {
        bencher.iter(|| fork(&ctx));
    });
    group.finish();
}

/// A round trip by the pipe of a thread that is there.
fn pipes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a round trip by a thread's pipe");
    let (pairs, mut message) = (Echo::<Raw>::new(Transport::Inproc, PAIRS), Default::default());
    group.bench_function("C and std::thread", |bencher| {
        bencher.iter(|| pairs.round_trip(b"frame", &mut message));
    });

    let ctx = ZCtx::new().unwrap();
    let pipe = echo(&ctx);
    group.bench_function("czmq-like, zthread::fork", |bencher| {
        bencher.iter(|| round_trip(&pipe));
    });
    group.finish();
}

criterion_group!(
    benches,
    contexts::<Raw>,
    contexts::<Zmqx>,
    sockets::<Raw>,
    sockets::<Zmqx>,
    threads,
    pipes
);
criterion_main!(benches);
