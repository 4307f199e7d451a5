//! The programs of chapter 4.

pub(crate) mod lpclient;
pub(crate) mod lpserver;
