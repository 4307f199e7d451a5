//! One active socket among many that are idle: a frame is waited for, received, and sent again.
#![allow(missing_docs, reason = "criterion's macros make functions of their own")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on ends")]

use std::time::Instant;

use bench::raw::Socket as RawSocket;
use bench::workload::{Transport, connected};
use bench::{Library, Raw, Zmqx};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use czmq_like::prelude::*;
use rustix::process::{Resource, getrlimit, setrlimit};
use zmq_sys_ext as ffi;
use zmqx::{Message, Poller, poll};

const SOCKETS: [usize; 5] = [1, 10, 100, 1000, 10_000];

/// The sockets, of which the last is the active one, and what sends to it.
fn sockets<L: Library>(context: &L::Context, count: usize) -> (Vec<L::Socket>, L::Socket) {
    let mut sockets: Vec<_> = (1..count).map(|_| L::socket(context, SocketKind::Pull)).collect();
    let [input, output] = connected::<L>(context, Transport::Inproc, [SocketKind::Pair; 2]);
    L::send(&output, b"0123456789ABCDEF", false);
    sockets.push(input);
    (sockets, output)
}

fn zmq_poll(group: &mut BenchmarkGroup<'_, WallTime>, count: usize) {
    let context = Raw::context();
    let (sockets, output) = sockets::<Raw>(&context, count);
    let item = |socket: &RawSocket| ffi::zmq_pollitem_t {
        socket: socket.as_ptr(),
        fd: 0,
        events: 1,
        revents: 0,
    };
    let mut items: Vec<_> = sockets.iter().map(item).collect();
    let length = i32::try_from(count).unwrap();
    let mut message = Default::default();
    group.bench_function(BenchmarkId::new("C, zmq_poll", count), |bencher| {
        bencher.iter(|| {
            // SAFETY: the sockets are open, and there are as many items.
            let ready = unsafe { ffi::zmq_poll(items.as_mut_ptr(), length, -1) };
            assert_eq!(ready, 1);
            let index = items.iter().position(|item| item.revents != 0).unwrap();
            Raw::recv(&sockets[index], &mut message);
            Raw::forward(&output, &mut message);
        });
    });
}

fn zmqx_poll(group: &mut BenchmarkGroup<'_, WallTime>, count: usize) {
    let context = Zmqx::context();
    let (sockets, output) = sockets::<Zmqx>(&context, count);
    let mut items: Vec<_> = sockets.iter().map(|socket| socket.poll_item(PollEvents::IN)).collect();
    let mut message = Message::new();
    group.bench_function(BenchmarkId::new("zmqx, poll", count), |bencher| {
        bencher.iter(|| {
            assert_eq!(poll(&mut items, None).unwrap(), 1);
            let index = items.iter().position(|item| item.is_readable()).unwrap();
            Zmqx::recv(&sockets[index], &mut message);
            Zmqx::forward(&output, &mut message);
        });
    });
}

fn zmqx_poller(group: &mut BenchmarkGroup<'_, WallTime>, count: usize) {
    let context = Zmqx::context();
    let (sockets, output) = sockets::<Zmqx>(&context, count);
    let mut poller = Poller::new().unwrap();
    for (key, socket) in sockets.iter().enumerate() {
        poller.add(socket, key, PollEvents::IN).unwrap();
    }
    let mut message = Message::new();
    group.bench_function(BenchmarkId::new("zmqx, Poller", count), |bencher| {
        bencher.iter(|| {
            let ready = poller.wait(None).unwrap().unwrap();
            Zmqx::recv(&sockets[ready.key()], &mut message);
            Zmqx::forward(&output, &mut message);
        });
    });
}

fn zloop(group: &mut BenchmarkGroup<'_, WallTime>, count: usize) {
    let context = Zmqx::context();
    let (sockets, output) = sockets::<Zmqx>(&context, count);
    let (input, idle) = sockets.split_last().unwrap();
    let mut reactor = ZLoop::new().unwrap();
    for socket in idle {
        reactor.reader(socket, |_, _, _| ()).unwrap();
    }
    reactor
        .reader(input, |_, input, left: &mut u64| {
            ZFrame::recv(input)?.send(&output)?;
            *left -= 1;
            Ok::<_, zmqx::Error>(if *left == 0 { Break(()) } else { Continue(()) })
        })
        .unwrap();
    group.bench_function(BenchmarkId::new("czmq-like, ZLoop", count), |bencher| {
        bencher.iter_custom(|events| {
            let (mut left, start) = (events, Instant::now());
            reactor.start(&mut left).unwrap();
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
        zmq_poll(&mut group, count);
        zmqx_poll(&mut group, count);
        zmqx_poller(&mut group, count);
        zloop(&mut group, count);
    }
    group.finish();
}

criterion_group!(benches, among_idle_ones);
criterion_main!(benches);
