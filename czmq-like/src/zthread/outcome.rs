//! What a task may give.

use zmqx::Result;

mod sealed {
    pub trait Sealed {}

    /// Names the type of what never comes, which stable Rust lets nobody write here.
    pub trait Returns {
        type Type;
    }

    impl<T> Returns for fn() -> T {
        type Type = T;
    }

    pub(super) type Never = <fn() -> ! as Returns>::Type;
}

/// What a [task](crate::zthread) gives in the end: `()`, a `Result<()>`, or, of one that loops for ever, nothing ever.
///
/// A closure in which `?` is used, and that ends with an endless loop, has to say what it gives: `-> Result<()>`.
///
/// ```
/// use czmq_like::prelude::*;
///
/// zthread::spawn_detached(|| {})?;
/// zthread::spawn_detached(|| zmqx::Context::new()?.socket(Pub)?.bind("inproc://a").map(drop))?;
/// zthread::spawn_detached(|| loop { zclock::sleep(Duration::from_secs(1)) })?;
/// # Ok::<(), czmq_like::Error>(())
/// ```
pub trait Outcome: sealed::Sealed {
    /// Turns it into a result.
    ///
    /// # Errors
    ///
    /// - The error that it is.
    fn into_result(self) -> Result<()>;
}

impl sealed::Sealed for () {}
impl Outcome for () {
    fn into_result(self) -> Result<()> {
        Ok(())
    }
}

impl sealed::Sealed for Result<()> {}
impl Outcome for Result<()> {
    fn into_result(self) -> Self {
        self
    }
}

impl sealed::Sealed for sealed::Never {}
impl Outcome for sealed::Never {
    fn into_result(self) -> Result<()> {
        self
    }
}
