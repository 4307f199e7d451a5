//! The only unsafe code: one safe function, or one owner, for each thing that libzmq is asked to do.
#![allow(unsafe_code, reason = "each block says which promise of libzmq's it rests on")]

pub(crate) mod context;
pub(crate) mod curve;
pub(crate) mod draft;
#[cfg_attr(not(libzmq_4_1), path = "endpoints_3_2.rs")]
mod endpoints;
pub(crate) mod errno;
pub(crate) mod fork;
pub(crate) mod frames;
mod handles;
#[cfg_attr(all(target_os = "linux", not(zmqx_polling)), path = "epoll.rs")]
#[cfg_attr(not(all(target_os = "linux", not(zmqx_polling))), path = "polling.rs")]
pub(crate) mod kernel;
pub(crate) mod library;
pub(crate) mod message;
pub(crate) mod monitor;
pub(crate) mod owner;
pub(crate) mod poll;
#[cfg(unix)]
pub(crate) mod signal;
pub(crate) mod socket;
#[cfg(test)]
mod tests;
