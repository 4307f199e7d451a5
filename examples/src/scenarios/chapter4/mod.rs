//! The scenarios of chapter 4, a file for each family of patterns.

mod freelance;
mod pirates;

pub(super) use freelance::SCENARIOS as FREELANCE;
pub(super) use pirates::SCENARIOS as PIRATES;
