//! `ZMsg`'s conversions and comparisons.

use std::fmt;
use std::ops::{Index, IndexMut};

use ref_cast::RefCast;
use zmqx::Multipart;

use super::{Cursor, ZMsg};
use crate::ZFrame;

impl Default for ZMsg {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for ZMsg {
    /// Copies the bytes of all frames.
    fn clone(&self) -> Self {
        self.frames.clone().into()
    }
}

impl fmt::Debug for ZMsg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.frames.fmt(f)
    }
}

impl From<Multipart> for ZMsg {
    #[inline]
    fn from(frames: Multipart) -> Self {
        Self { frames, cursor: Cursor::new() }
    }
}

impl From<ZMsg> for Multipart {
    #[inline]
    fn from(msg: ZMsg) -> Self {
        msg.frames
    }
}

impl<T: Into<ZFrame>, const N: usize> From<[T; N]> for ZMsg {
    fn from(frames: [T; N]) -> Self {
        frames.into_iter().collect()
    }
}

impl<T: Into<ZFrame>> From<Vec<T>> for ZMsg {
    fn from(frames: Vec<T>) -> Self {
        frames.into_iter().collect()
    }
}

impl<T: Into<ZFrame>> FromIterator<T> for ZMsg {
    fn from_iter<I: IntoIterator<Item = T>>(frames: I) -> Self {
        let mut msg = Self::new();
        msg.extend(frames);
        msg
    }
}

impl<T: Into<ZFrame>> Extend<T> for ZMsg {
    fn extend<I: IntoIterator<Item = T>>(&mut self, frames: I) {
        frames.into_iter().for_each(|frame| self.add(frame));
    }
}

impl Index<usize> for ZMsg {
    type Output = ZFrame;

    /// Looks at the frame at `index`, and leaves the cursor where it is.
    ///
    /// # Panics
    ///
    /// Where there is no such frame.
    #[inline]
    fn index(&self, index: usize) -> &ZFrame {
        ZFrame::ref_cast(&self.frames[index])
    }
}

impl IndexMut<usize> for ZMsg {
    #[inline]
    fn index_mut(&mut self, index: usize) -> &mut ZFrame {
        ZFrame::ref_cast_mut(&mut self.frames[index])
    }
}

impl PartialEq for ZMsg {
    /// Compares the frames: zmsg_eq.
    fn eq(&self, other: &Self) -> bool {
        self.frames == other.frames
    }
}

impl Eq for ZMsg {}

impl<T> PartialEq<[T]> for ZMsg
where
    ZFrame: PartialEq<T>,
{
    fn eq(&self, other: &[T]) -> bool {
        self.size() == other.len() && self.iter().zip(other).all(|(frame, other)| frame == other)
    }
}

impl<T, const N: usize> PartialEq<[T; N]> for ZMsg
where
    ZFrame: PartialEq<T>,
{
    fn eq(&self, other: &[T; N]) -> bool {
        *self == other[..]
    }
}
