//! The network interface for broadcasts.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What `set_interface` was told; `None` before.
static INTERFACE: Mutex<Option<String>> = Mutex::new(None);

/// Returns the network interface that a [`ZBeacon`](crate::ZBeacon) uses unless told otherwise: what [`set_interface`]
/// was told last, else the environment variable `ZSYS_INTERFACE`, else nothing, for the first one that broadcasts.
#[doc(alias = "zsys_interface")]
pub fn interface() -> String {
    lock().clone().or_else(|| std::env::var("ZSYS_INTERFACE").ok()).unwrap_or_default()
}

/// Sets the network interface that a [`ZBeacon`](crate::ZBeacon) uses unless told otherwise, by its name or address.
///
/// [`ZBeacon::set_interface`](crate::ZBeacon::set_interface) says what else there is.
///
/// ```
/// use czmq_like::zsys;
///
/// zsys::set_interface("eth0");
/// assert_eq!(zsys::interface(), "eth0");
/// ```
#[doc(alias = "zsys_set_interface")]
pub fn set_interface(interface: impl Into<String>) {
    *lock() = Some(interface.into());
}

fn lock() -> MutexGuard<'static, Option<String>> {
    INTERFACE.lock().unwrap_or_else(PoisonError::into_inner)
}
