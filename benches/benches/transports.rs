//! Messages over the transports: how many a second from one thread to another, and how long a request and its reply take.
#![allow(missing_docs, reason = "criterion's macros make functions of their own")]

use bench::workload::{Echo, Stream, Transport};
use bench::{Library, Raw, Zmqx};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group};
use zmqx::SocketKind;

const SIZES: [usize; 4] = [16, 1 << 10, 64 << 10, 1 << 20];

fn stream<L: Library>(group: &mut BenchmarkGroup<'_, WallTime>, transport: Transport, size: usize) {
    let stream = Stream::<L>::new(transport, size);
    group.bench_function(BenchmarkId::new(L::NAME, size), |bencher| {
        bencher.iter_custom(|count| stream.run(count));
    });
}

fn one_way(criterion: &mut Criterion) {
    for (transport, name) in Transport::ALL {
        let mut group = criterion.benchmark_group(format!("one way over {name}"));
        group.sample_size(20);
        for size in SIZES {
            group.throughput(Throughput::Bytes(size as u64));
            stream::<Raw>(&mut group, transport, size);
            stream::<Zmqx>(&mut group, transport, size);
        }
        group.finish();
    }
}

fn echo<L: Library>(group: &mut BenchmarkGroup<'_, WallTime>, transport: Transport, name: &str) {
    let (echo, mut reply) =
        (Echo::<L>::new(transport, [SocketKind::Rep, SocketKind::Req]), L::Message::default());
    group.bench_function(BenchmarkId::new(L::NAME, name), |bencher| {
        bencher.iter(|| echo.round_trip(b"1", &mut reply));
    });
}

fn request_and_reply(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("request and reply, 1 byte");
    for (transport, name) in Transport::ALL {
        echo::<Raw>(&mut group, transport, name);
        echo::<Zmqx>(&mut group, transport, name);
    }
    group.finish();
}

criterion_group!(benches, one_way, request_and_reply);
criterion::criterion_main!(benches);
