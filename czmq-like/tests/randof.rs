//! `randof`: numbers that are below the one given, evenly spread, and others on each thread.

use std::collections::HashSet;
use std::thread;

use czmq_like::randof;

#[test]
fn numbers_of_each_type_are_below_the_one_given() {
    for _ in 0..10_000 {
        assert!(randof(5_u8) < 5);
        assert!(randof(1000_u16) < 1000);
        assert!(randof(100_000_u32) < 100_000);
        assert!(randof(u64::MAX) < u64::MAX);
        assert!(randof(3_usize) < 3);
        assert!((0..5).contains(&randof(5)));
        assert!((0..i64::MAX).contains(&randof(i64::MAX)));
    }
}

#[test]
fn zero_gives_zero_and_a_negative_number_what_is_above_it() {
    assert_eq!((randof(0), randof(0_u8), randof(0_usize)), (0, 0, 0));
    assert_eq!((randof(1), randof(1_u64)), (0, 0));
    for _ in 0..10_000 {
        assert!((-4..=0).contains(&randof(-5)));
        assert!((i32::MIN + 1..=0).contains(&randof(i32::MIN)));
        assert!((i8::MIN + 1..=0).contains(&randof(i8::MIN)));
    }
}

#[test]
fn every_number_comes_about_as_often() {
    let mut counts = [0_u32; 10];
    for _ in 0..100_000 {
        counts[randof(counts.len())] += 1;
    }
    // 10,000 each, with a standard deviation of 95.
    assert!(counts.iter().all(|count| (9_000..11_000).contains(count)), "{counts:?}");
}

#[test]
fn threads_have_numbers_of_their_own() {
    let threads: Vec<_> = (0..8).map(|_| thread::spawn(|| randof(u64::MAX))).collect();
    let numbers: HashSet<_> = threads.into_iter().map(|thread| thread.join().ok()).collect();
    assert_eq!(numbers.len(), 8);
}
