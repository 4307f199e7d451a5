//! The programs of chapter 2.

pub(crate) mod interrupt;
pub(crate) mod msgqueue;
pub(crate) mod mspoller;
pub(crate) mod msreader;
pub(crate) mod mtrelay;
pub(crate) mod mtserver;
pub(crate) mod psenvpub;
pub(crate) mod psenvsub;
pub(crate) mod rrbroker;
pub(crate) mod rrclient;
pub(crate) mod rrworker;
pub(crate) mod syncpub;
pub(crate) mod syncsub;
pub(crate) mod tasksink2;
pub(crate) mod taskwork2;
pub(crate) mod wuproxy;
