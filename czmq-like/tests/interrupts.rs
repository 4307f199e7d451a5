//! Signals at random moments: whatever a program is doing, it ends, and cleanly; and signals that end nothing.
//!
//! It has no harness, as the main thread, on which signals arrive, is to be the one that is interrupted.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

#[cfg(target_os = "linux")]
mod common;
#[cfg(target_os = "linux")]
#[path = "interrupts/linux.rs"]
mod linux;

fn main() {
    #[cfg(target_os = "linux")]
    linux::main();
}
