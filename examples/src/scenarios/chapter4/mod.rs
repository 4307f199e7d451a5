//! The scenarios of chapter 4, a file for each family of patterns.

mod pirates;

pub(super) use pirates::SCENARIOS as PIRATES;
