//! `Reaction`, what a handler gives.

use std::ops::ControlFlow;

use zmqx::Result;

/// What a handler of a [`ZLoop`](crate::ZLoop) gives: whether the loop goes on.
///
/// - `()`: it does. In C, a handler that always returns 0.
/// - [`ControlFlow<()>`]: it does after `Continue(())`, which is C's 0, and ends after `Break(())`, C's -1.
/// - [`Result`] of either: an error ends it.
/// - `!`: a handler that never returns, as one that panics.
pub trait Reaction {
    /// Says whether the loop goes on, or with which error it ends.
    ///
    /// # Errors
    ///
    /// - The handler's.
    fn reaction(self) -> Result<ControlFlow<()>>;
}

impl Reaction for () {
    fn reaction(self) -> Result<ControlFlow<()>> {
        Ok(ControlFlow::Continue(()))
    }
}

impl Reaction for ControlFlow<()> {
    fn reaction(self) -> Result<ControlFlow<()>> {
        Ok(self)
    }
}

impl<R: Reaction> Reaction for Result<R> {
    fn reaction(self) -> Result<ControlFlow<()>> {
        self.and_then(R::reaction)
    }
}

/// Names the type that a function returns: of `fn() -> !` that is `!`, which cannot be written elsewhere yet.
mod never {
    pub trait Returns {
        type Output;
    }

    impl<T> Returns for fn() -> T {
        type Output = T;
    }
}

impl Reaction for <fn() -> ! as never::Returns>::Output {
    fn reaction(self) -> Result<ControlFlow<()>> {
        self
    }
}
