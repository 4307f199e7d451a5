//! What it costs to make a message and drop it, copied or not: from what size on is a copy dearer?
//!
//! The sizes from which `Message` takes an owned buffer, and a share of a `Bytes`, were chosen by this.
#![allow(missing_docs, reason = "criterion's macros make functions of their own")]

use std::hint::black_box;

use bench::{Library, Raw, Zmqx};
use bytes::Bytes;
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use zmqx::Message;

const SIZES: [usize; 9] = [16, 33, 34, 64, 256, 512, 1024, 4096, 65536];

fn slice(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a slice that is copied");
    for size in SIZES {
        let bytes = vec![1_u8; size];
        group.bench_with_input(BenchmarkId::new(Raw::NAME, size), &size, |bencher, _| {
            bencher.iter(|| Raw::copy(black_box(&bytes)));
        });
        group.bench_with_input(BenchmarkId::new(Zmqx::NAME, size), &size, |bencher, _| {
            bencher.iter(|| Zmqx::copy(black_box(&bytes)));
        });
    }
    group.finish();
}

fn buffer(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a buffer that is allocated and given away");
    for size in SIZES {
        group.bench_with_input(BenchmarkId::new(Raw::NAME, size), &size, |bencher, size| {
            bencher.iter(|| Raw::given(*size));
        });
        group.bench_with_input(BenchmarkId::new(Zmqx::NAME, size), &size, |bencher, size| {
            bencher.iter(|| Zmqx::given(*size));
        });
    }
    group.finish();
}

fn owned(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a Vec that is given away");
    for size in SIZES {
        let bytes = || vec![1_u8; size];
        group.bench_with_input(BenchmarkId::new("copied", size), &size, |bencher, _| {
            bencher.iter_batched(bytes, |bytes| Message::from(&bytes[..]), BatchSize::SmallInput);
        });
        group.bench_with_input(BenchmarkId::new("zero-copy", size), &size, |bencher, _| {
            bencher.iter_batched(bytes, Message::from, BatchSize::SmallInput);
        });
    }
    group.finish();
}

fn shared(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a share of a Bytes");
    for size in SIZES {
        let bytes = Bytes::from(vec![1_u8; size]);
        group.bench_with_input(BenchmarkId::new("copied", size), &size, |bencher, _| {
            bencher.iter(|| Message::from(black_box(&bytes[..])));
        });
        group.bench_with_input(BenchmarkId::new("zero-copy", size), &size, |bencher, _| {
            bencher.iter(|| Message::from_owner(black_box(bytes.clone())));
        });
    }
    group.finish();
}

criterion_group!(benches, slice, buffer, owned, shared);
criterion_main!(benches);
