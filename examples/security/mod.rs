//! The programs of the article on security.

pub(crate) mod grasslands;
pub(crate) mod ironhouse;
pub(crate) mod stonehouse;
pub(crate) mod strawhouse;
pub(crate) mod woodhouse;
