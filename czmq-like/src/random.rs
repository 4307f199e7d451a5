//! `randof`, CZMQ's macro for random numbers.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

mod sealed {
    pub trait Below {
        /// What `bits`, which are random, choose below `self`.
        fn below(self, bits: u64) -> Self;
    }
}

/// A type of number that [`randof`] gives: the integers of up to 64 bits.
pub trait Random: sealed::Below + Copy {}

macro_rules! unsigned {
    ($($number:ty)+) => {
        $(
            impl sealed::Below for $number {
                #[allow(
                    clippy::cast_possible_truncation,
                    reason = "what is below a number is of its type"
                )]
                fn below(self, bits: u64) -> Self {
                    // The high half of the product: as many of the 2^64 values of `bits` for each number, but for one.
                    ((u128::from(bits) * self as u128) >> 64) as Self
                }
            }

            impl Random for $number {}
        )+
    };
}

macro_rules! signed {
    ($($number:ty)+) => {
        $(
            impl sealed::Below for $number {
                #[allow(
                    clippy::cast_possible_wrap,
                    reason = "what is below the magnitude of a number is of its type"
                )]
                fn below(self, bits: u64) -> Self {
                    let below = self.unsigned_abs().below(bits) as Self;
                    if self < 0 { -below } else { below }
                }
            }

            impl Random for $number {}
        )+
    };
}

unsigned! { u8 u16 u32 u64 usize }
signed! { i8 i16 i32 i64 isize }

/// Returns a random number from 0 up to, and without, `n`.
///
/// As C's, it gives 0 for 0, and for a negative `n` a number above it, up to 0. Each thread has numbers of its own,
/// which are others in each run: there is no `srandom` to call. They are not for secrets.
///
/// ```
/// use czmq_like::randof;
///
/// let zipcode = randof(100_000);
/// assert!((0..100_000).contains(&zipcode));
///
/// let peers = ["DC1", "DC2", "DC3"];
/// let peer = peers[randof(peers.len())];
/// assert!(peers.contains(&peer));
/// ```
pub fn randof<N: Random>(n: N) -> N {
    n.below(bits())
}

thread_local! {
    static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(0));
}

/// The next 64 random bits of this thread, by SplitMix64.
fn bits() -> u64 {
    let state = STATE.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
    STATE.set(state);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
