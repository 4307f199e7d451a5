//! One thread's work: messages of several frames, a broker that forwards, and the fan-out to many subscribers.
#![allow(missing_docs, reason = "criterion's macros make functions of their own")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on ends")]

use bench::workload::{Broker, Pairs, Transport};
use bench::{Library, Raw, Zmqx};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use czmq_like::prelude::*;
use zmqx::{Context, Multipart};

const FRAME: [u8; 16] = [1; 16];

/// Sent frame by frame, and received the same way, into one message.
fn frames<L: Library>(group: &mut BenchmarkGroup<'_, WallTime>, count: usize) {
    let (pairs, mut message) = (Pairs::<L>::new(L::context()), L::Message::default());
    group.bench_function(BenchmarkId::new(L::NAME, count), |bencher| {
        bencher.iter(|| pairs.frames(count, &FRAME, &mut message));
    });
}

fn multiparts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a message of several frames");
    for count in [1, 3, 10] {
        frames::<Raw>(&mut group, count);
        frames::<Zmqx>(&mut group, count);
        let ctx = Context::new().unwrap();
        let (one, other) = ctx.pipe().unwrap();
        group.bench_function(BenchmarkId::new("zmqx, as a Multipart", count), |bencher| {
            bencher.iter(|| {
                one.send_multipart((0..count).map(|_| &FRAME[..]).collect::<Multipart>()).unwrap();
                other.recv_multipart().unwrap()
            });
        });
        group.bench_function(BenchmarkId::new("czmq-like, as a ZMsg", count), |bencher| {
            bencher.iter(|| {
                (0..count).map(|_| FRAME).collect::<ZMsg>().send(&one).unwrap();
                ZMsg::recv(&other).unwrap()
            });
        });
    }
    group.finish();
}

fn broker<L: Library>(group: &mut BenchmarkGroup<'_, WallTime>) {
    let (broker, mut message) = (Broker::<L>::new(), L::Message::default());
    group.bench_function(L::NAME, |bencher| {
        bencher.iter(|| broker.round_trip(&FRAME, &mut message));
    });
}

fn forwarders(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a request and its reply through ROUTER and DEALER");
    broker::<Raw>(&mut group);
    broker::<Zmqx>(&mut group);
    group.finish();
}

fn publisher<L: Library>(group: &mut BenchmarkGroup<'_, WallTime>, subscribers: usize) {
    let context = L::context();
    let publisher = L::socket(&context, SocketKind::Pub);
    L::set_unlimited(&publisher);
    let endpoint = L::bind(&publisher, &Transport::Inproc.endpoint());
    let mut message = L::Message::default();
    let subscribers: Vec<_> = (0..subscribers)
        .map(|_| {
            let subscriber = L::socket(&context, SocketKind::Sub);
            L::set_unlimited(&subscriber);
            L::subscribe(&subscriber);
            L::connect(&subscriber, &endpoint);
            subscriber
        })
        .collect();
    group.bench_function(BenchmarkId::new(L::NAME, subscribers.len()), |bencher| {
        bencher.iter(|| {
            L::send(&publisher, &FRAME, false);
            for subscriber in &subscribers {
                L::recv(subscriber, &mut message);
            }
        });
    });
}

fn fan_out(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one update to many subscribers");
    for subscribers in [1, 10, 100, 1000] {
        publisher::<Raw>(&mut group, subscribers);
        publisher::<Zmqx>(&mut group, subscribers);
    }
    group.finish();
}

criterion_group!(benches, multiparts, forwarders, fan_out);
criterion_main!(benches);
