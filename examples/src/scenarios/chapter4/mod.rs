//! The scenarios of chapter 4, a file for each family of patterns.

mod binary_star;
mod freelance;
mod majordomo;
mod pirates;
mod titanic;

pub(super) use binary_star::SCENARIOS as BINARY_STAR;
pub(super) use freelance::SCENARIOS as FREELANCE;
pub(super) use majordomo::SCENARIOS as MAJORDOMO;
pub(super) use pirates::SCENARIOS as PIRATES;
pub(super) use titanic::SCENARIOS as TITANIC;
