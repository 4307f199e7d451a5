//! The programs of chapter 4.

pub(crate) mod lpclient;
pub(crate) mod lpserver;
pub(crate) mod ppqueue;
pub(crate) mod ppworker;
pub(crate) mod spqueue;
pub(crate) mod spworker;
