//! What the Guide's programs share: their options, zhelpers, the units that some are thin over, and the scenarios that
//! show them all at work.
#![forbid(unsafe_code)]

mod args;
pub mod bstar;
pub mod duration;
pub mod flcliapi;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod mdbroker;
pub mod mdcliapi;
pub mod mdcliapi2;
pub mod mdp;
pub mod mdwrkapi;
pub mod pattern;
pub mod programs;
pub mod rate;
pub mod scenario;
pub mod scenarios;
pub mod speed;
pub mod stdin;
pub mod titanic;
pub mod zhelpers;

pub use args::{Args, args, enter};

// What docs/porting.md shows, of zmqx and czmq-like, is compiled and run: this package has both.
#[cfg(doctest)]
#[doc = include_str!("../../docs/porting.md")]
mod porting {}
