//! The programs of chapter 4.

pub(crate) mod bstarcli;
pub(crate) mod bstarsrv;
pub(crate) mod bstarsrv2;
pub(crate) mod flclient1;
pub(crate) mod flclient2;
pub(crate) mod flclient3;
pub(crate) mod flserver1;
pub(crate) mod flserver2;
pub(crate) mod flserver3;
pub(crate) mod lpclient;
pub(crate) mod lpserver;
pub(crate) mod mdbroker;
pub(crate) mod mdclient;
pub(crate) mod mdclient2;
pub(crate) mod mdworker;
pub(crate) mod mmiecho;
pub(crate) mod ppqueue;
pub(crate) mod ppworker;
pub(crate) mod spqueue;
pub(crate) mod spworker;
pub(crate) mod ticlient;
pub(crate) mod titanic;
pub(crate) mod tripping;
