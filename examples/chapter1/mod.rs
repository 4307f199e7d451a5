//! The programs of chapter 1.

pub(crate) mod hwclient;
pub(crate) mod hwserver;
pub(crate) mod tasksink;
pub(crate) mod taskvent;
pub(crate) mod taskwork;
pub(crate) mod version;
pub(crate) mod wuclient;
pub(crate) mod wuserver;
