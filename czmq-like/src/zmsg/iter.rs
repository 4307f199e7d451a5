//! Iterators over a message's frames.

use std::iter::FusedIterator;
use std::slice;

use ref_cast::RefCast;
use zmqx::{Message, Multipart};

use super::ZMsg;
use crate::ZFrame;

/// The frames of a [`ZMsg`], to look at: see [`ZMsg::iter`].
#[derive(Debug, Clone)]
pub struct Frames<'a>(slice::Iter<'a, Message>);

/// The frames of a [`ZMsg`], to change: see [`ZMsg::iter_mut`].
#[derive(Debug)]
pub struct FramesMut<'a>(slice::IterMut<'a, Message>);

/// The frames of a [`ZMsg`], one by one taken out of it.
#[derive(Debug)]
pub struct IntoFrames(<Multipart as IntoIterator>::IntoIter);

macro_rules! iterators {
    ($([$($lifetime:tt)*] $name:ty, $item:ty, $convert:path;)+) => {
        $(
            impl<$($lifetime)*> Iterator for $name {
                type Item = $item;

                #[inline]
                fn next(&mut self) -> Option<$item> {
                    self.0.next().map($convert)
                }

                #[inline]
                fn size_hint(&self) -> (usize, Option<usize>) {
                    self.0.size_hint()
                }
            }

            impl<$($lifetime)*> DoubleEndedIterator for $name {
                #[inline]
                fn next_back(&mut self) -> Option<$item> {
                    self.0.next_back().map($convert)
                }
            }

            impl<$($lifetime)*> ExactSizeIterator for $name {}
            impl<$($lifetime)*> FusedIterator for $name {}
        )+
    };
}

iterators! {
    ['a] Frames<'a>, &'a ZFrame, ZFrame::ref_cast;
    ['a] FramesMut<'a>, &'a mut ZFrame, ZFrame::ref_cast_mut;
    [] IntoFrames, ZFrame, ZFrame::new;
}

impl ZMsg {
    /// Goes over the frames, and leaves the cursor where it is.
    ///
    /// ```
    /// let msg = czmq_like::ZMsg::from(["one", "two"]);
    /// let sizes: Vec<usize> = msg.iter().map(|frame| frame.size()).collect();
    /// assert_eq!(sizes, [3, 3]);
    /// ```
    #[inline]
    pub fn iter(&self) -> Frames<'_> {
        Frames(self.frames.iter())
    }

    /// Goes over the frames to change them, and leaves the cursor where it is.
    #[inline]
    pub fn iter_mut(&mut self) -> FramesMut<'_> {
        FramesMut(self.frames.iter_mut())
    }
}

impl IntoIterator for ZMsg {
    type Item = ZFrame;
    type IntoIter = IntoFrames;

    fn into_iter(self) -> IntoFrames {
        IntoFrames(self.frames.into_iter())
    }
}

impl<'a> IntoIterator for &'a ZMsg {
    type Item = &'a ZFrame;
    type IntoIter = Frames<'a>;

    fn into_iter(self) -> Frames<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut ZMsg {
    type Item = &'a mut ZFrame;
    type IntoIter = FramesMut<'a>;

    fn into_iter(self) -> FramesMut<'a> {
        self.iter_mut()
    }
}
