//! `ZFrame`'s conversions and comparisons.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use zmqx::Message;

use super::ZFrame;

impl Default for ZFrame {
    fn default() -> Self {
        Self::new_empty()
    }
}

impl Deref for ZFrame {
    type Target = Message;

    #[inline]
    fn deref(&self) -> &Message {
        &self.0
    }
}

impl AsRef<[u8]> for ZFrame {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Borrow<[u8]> for ZFrame {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl Clone for ZFrame {
    /// Copies the bytes; [`share`](ZFrame::share) does not.
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl fmt::Debug for ZFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// There is no `From<ZFrame> for Message`: with it, a ZFrame would come from itself twice.
impl<T: Into<Message>> From<T> for ZFrame {
    #[inline]
    fn from(data: T) -> Self {
        Self(data.into())
    }
}

impl PartialEq for ZFrame {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for ZFrame {}

impl PartialOrd for ZFrame {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ZFrame {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl Hash for ZFrame {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

macro_rules! compared {
    ($([$($generic:tt)*] $with:ty;)+) => {
        $(
            impl<$($generic)*> PartialEq<$with> for ZFrame {
                fn eq(&self, other: &$with) -> bool {
                    self.0 == *other
                }
            }

            impl<$($generic)*> PartialEq<ZFrame> for $with {
                fn eq(&self, other: &ZFrame) -> bool {
                    other.0 == *self
                }
            }
        )+
    };
}

compared! {
    [] Message;
    [] [u8];
    [] &[u8];
    [] str;
    [] &str;
    [] String;
    [] Vec<u8>;
    [const N: usize] [u8; N];
    [const N: usize] &[u8; N];
}
