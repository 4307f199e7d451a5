//! The scenarios: what the runner shows, and what the tests check.

mod chapter1;
mod chapter2;
mod chapter3;
mod chapter4;
mod parts;
mod security;

use crate::scenario::Scenario;

/// All scenarios, chapter by chapter, in the Guide's order.
const CHAPTERS: &[&[Scenario]] = &[
    chapter1::SCENARIOS,
    chapter2::SCENARIOS,
    chapter3::SCENARIOS,
    chapter4::PIRATES,
    chapter4::MAJORDOMO,
    chapter4::TITANIC,
    chapter4::BINARY_STAR,
    chapter4::FREELANCE,
    security::SCENARIOS,
];

/// Returns the scenario of the program of that name.
pub fn find(name: &str) -> Option<&'static Scenario> {
    CHAPTERS.iter().copied().flatten().find(|scenario| scenario.of.contains(&name))
}
