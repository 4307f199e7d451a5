//! The programs of chapter 3.

pub(crate) mod asyncsrv;
pub(crate) mod identity;
pub(crate) mod lbbroker;
pub(crate) mod lbbroker2;
pub(crate) mod lbbroker3;
pub(crate) mod peering1;
pub(crate) mod peering2;
pub(crate) mod peering3;
pub(crate) mod rtdealer;
pub(crate) mod rtreq;
