//! `Multipart`: a message of several frames.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::message::Message;
use crate::raw::frames::Frames;

/// A message of any number of frames, which lie side by side: it derefs to `[Message]`.
///
/// It is one word to move. Its buffer has room in front for an envelope, and is recycled on each thread, so that
/// receiving, wrapping, unwrapping and sending messages of up to a dozen frames allocates nothing once it has begun.
///
/// ```
/// use zmqx::Multipart;
///
/// let mut message = Multipart::from(["Hello", "World"]);
/// message.push_front("");
/// message.push_front("client");
/// assert_eq!(message.len(), 4);
/// assert_eq!(message[2], "Hello");
/// assert_eq!(message.pop_front().expect("four frames"), "client");
/// ```
pub struct Multipart {
    frames: Frames,
}

impl Multipart {
    /// Creates a message of no frames.
    #[inline]
    pub const fn new() -> Self {
        Self { frames: Frames::new() }
    }

    /// Puts a frame behind the others.
    #[inline]
    pub fn push_back(&mut self, frame: impl Into<Message>) {
        self.frames.push_back(frame.into());
    }

    /// Puts a frame before the others.
    #[inline]
    pub fn push_front(&mut self, frame: impl Into<Message>) {
        self.frames.push_front(frame.into());
    }

    /// Takes the last frame out.
    #[inline]
    pub fn pop_back(&mut self) -> Option<Message> {
        self.frames.pop_back()
    }

    /// Takes the first frame out.
    #[inline]
    pub fn pop_front(&mut self) -> Option<Message> {
        self.frames.pop_front()
    }

    /// Puts a frame before the one at `index`, or behind the others where there is none.
    pub fn insert(&mut self, index: usize, frame: impl Into<Message>) {
        self.frames.insert(index, frame.into());
    }

    /// Takes the frame at `index` out; those behind it move up.
    pub fn remove(&mut self, index: usize) -> Option<Message> {
        self.frames.remove(index)
    }

    /// Drops all frames, and keeps the buffer.
    #[inline]
    pub fn clear(&mut self) {
        self.frames.clear();
    }

    #[inline]
    pub(crate) const fn from_frames(frames: Frames) -> Self {
        Self { frames }
    }

    #[inline]
    pub(crate) fn frames_mut(&mut self) -> &mut Frames {
        &mut self.frames
    }
}

impl Default for Multipart {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Multipart {
    type Target = [Message];

    #[inline]
    fn deref(&self) -> &[Message] {
        self.frames.as_slice()
    }
}

impl DerefMut for Multipart {
    /// Frames can be replaced and reordered; their bytes stay as they are.
    #[inline]
    fn deref_mut(&mut self) -> &mut [Message] {
        self.frames.as_mut_slice()
    }
}

impl Clone for Multipart {
    /// Copies the bytes of all frames.
    fn clone(&self) -> Self {
        self.iter().cloned().collect()
    }
}

impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Multipart {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Multipart {}

impl<T> PartialEq<[T]> for Multipart
where
    Message: PartialEq<T>,
{
    fn eq(&self, other: &[T]) -> bool {
        **self == *other
    }
}

impl<T, const N: usize> PartialEq<[T; N]> for Multipart
where
    Message: PartialEq<T>,
{
    fn eq(&self, other: &[T; N]) -> bool {
        **self == *other
    }
}

impl From<Message> for Multipart {
    fn from(frame: Message) -> Self {
        let mut message = Self::new();
        message.push_back(frame);
        message
    }
}

impl<T: Into<Message>, const N: usize> From<[T; N]> for Multipart {
    #[inline]
    fn from(frames: [T; N]) -> Self {
        frames.into_iter().collect()
    }
}

impl<T: Into<Message>> From<Vec<T>> for Multipart {
    fn from(frames: Vec<T>) -> Self {
        frames.into_iter().collect()
    }
}

impl<T: Into<Message>> FromIterator<T> for Multipart {
    #[inline]
    fn from_iter<I: IntoIterator<Item = T>>(frames: I) -> Self {
        let mut message = Self::new();
        message.extend(frames);
        message
    }
}

impl<T: Into<Message>> Extend<T> for Multipart {
    #[inline]
    fn extend<I: IntoIterator<Item = T>>(&mut self, frames: I) {
        for frame in frames {
            self.push_back(frame);
        }
    }
}

/// The frames of a [`Multipart`], from either end.
#[derive(Debug)]
pub struct IntoIter {
    message: Multipart,
}

impl Iterator for IntoIter {
    type Item = Message;

    fn next(&mut self) -> Option<Message> {
        self.message.pop_front()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.message.len(), Some(self.message.len()))
    }
}

impl DoubleEndedIterator for IntoIter {
    fn next_back(&mut self) -> Option<Message> {
        self.message.pop_back()
    }
}

impl ExactSizeIterator for IntoIter {}
impl std::iter::FusedIterator for IntoIter {}

impl IntoIterator for Multipart {
    type Item = Message;
    type IntoIter = IntoIter;

    fn into_iter(self) -> IntoIter {
        IntoIter { message: self }
    }
}

impl<'a> IntoIterator for &'a Multipart {
    type Item = &'a Message;
    type IntoIter = std::slice::Iter<'a, Message>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut Multipart {
    type Item = &'a mut Message;
    type IntoIter = std::slice::IterMut<'a, Message>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
