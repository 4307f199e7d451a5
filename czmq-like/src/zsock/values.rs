//! The values of pictures, and the tuples of them.

use std::collections::HashMap;
use std::{fmt, io, vec};

use zmqx::{Error, ErrorKind, Message, Result};

use super::element::Element;
use super::{SEND, misfit};
use crate::{ZFrame, ZMsg};

/// A value of a [picture](crate::ZSock#pictures), for pictures that are known at run time only.
///
/// ```
/// use czmq_like::PictureValue;
/// use czmq_like::prelude::*;
///
/// let ctx = ZCtx::new()?;
/// let (output, input) = ctx.underlying()?.pipe()?;
/// let values: Vec<PictureValue> = vec![1_u8.into(), "two".into()];
/// ZSock::send(&output, "1s", values.clone())?;
/// assert_eq!(ZSock::recv::<Vec<PictureValue>, _>(&input, "1s")?, values);
/// # Ok::<(), czmq_like::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PictureValue {
    /// `i`.
    I32(i32),
    /// `1`.
    U8(u8),
    /// `2`.
    U16(u16),
    /// `4`, and of frames `u`.
    U32(u32),
    /// `8`.
    U64(u64),
    /// `p`.
    Usize(usize),
    /// `s` and `S`.
    Text(String),
    /// `b`, `c` and `f`.
    Frame(ZFrame),
    /// `h`.
    Dictionary(HashMap<String, String>),
    /// `U`, and of the binary form `u`.
    Uuid([u8; 16]),
    /// `m`.
    Msg(ZMsg),
}

mod sealed {
    pub trait Sealed {}
}
use sealed::Sealed;

/// A type of the values of a [picture](crate::ZSock#pictures) that is received.
pub trait PictureElement: Sealed + Sized {
    /// Whether an element may be of this type.
    #[doc(hidden)]
    fn is_of(element: Element) -> bool;

    /// Takes what was received for it, `None` where the message has ended before.
    #[doc(hidden)]
    fn take(value: Option<PictureValue>) -> Option<Self>;
}

/// What [`ZSock::recv`](crate::ZSock::recv) gives: a tuple of up to 16 values, or a `Vec<PictureValue>`.
pub trait FromPicture: Sealed + Sized {
    /// Whether the picture is of these types.
    #[doc(hidden)]
    fn check(elements: &[Element]) -> Result<()>;

    /// Takes what was received, if nothing is missing.
    #[doc(hidden)]
    fn take_all(values: vec::IntoIter<Option<PictureValue>>) -> Option<Self>;
}

/// What [`ZSock::send`](crate::ZSock::send) takes: a tuple of up to 16 values, or a `Vec<PictureValue>`.
pub trait IntoPicture: Sealed {
    /// Gives the values.
    #[doc(hidden)]
    fn into_values(self) -> Vec<PictureValue>;
}

macro_rules! elements {
    ($($type:ty: $variant:ident $(| $element:ident)+;)+) => {
        $(
            impl From<$type> for PictureValue {
                fn from(value: $type) -> Self {
                    Self::$variant(value)
                }
            }

            impl Sealed for $type {}
            impl PictureElement for $type {
                fn is_of(element: Element) -> bool {
                    matches!(element, $(Element::$element)|+)
                }

                fn take(value: Option<PictureValue>) -> Option<Self> {
                    match value {
                        Some(PictureValue::$variant(value)) => Some(value),
                        _ => None,
                    }
                }
            }
        )+

        impl PictureValue {
            /// Whether an element may be of this value.
            fn is_of(&self, element: Element) -> bool {
                match self {
                    $(Self::$variant(_) => <$type>::is_of(element),)+
                }
            }
        }
    };
}

elements! {
    i32: I32 | Int;
    u8: U8 | U8;
    u16: U16 | U16;
    u32: U32 | U32;
    u64: U64 | U64;
    usize: Usize | Pointer;
    String: Text | Text | LongText;
    ZFrame: Frame | Bytes | Chunk | Frame;
    HashMap<String, String>: Dictionary | Dictionary;
    [u8; 16]: Uuid | Uuid;
    ZMsg: Msg | Rest;
}

macro_rules! also {
    ($([$($generic:tt)*] $type:ty: $value:ident => $into:expr;)+) => {
        $(
            impl<$($generic)*> From<$type> for PictureValue {
                fn from($value: $type) -> Self {
                    $into
                }
            }
        )+
    };
}

also! {
    [] &str: value => Self::Text(value.to_owned());
    [] &String: value => Self::Text(value.clone());
    [] &[u8]: value => Self::Frame(value.into());
    [const N: usize] &[u8; N]: value => Self::Frame(value[..].into());
    [] Vec<u8>: value => Self::Frame(value.into());
    [] &Vec<u8>: value => Self::Frame(value[..].into());
    [] Message: value => Self::Frame(value.into());
    [] &HashMap<String, String>: value => Self::Dictionary(value.clone());
}

impl Sealed for Vec<u8> {}
impl PictureElement for Vec<u8> {
    fn is_of(element: Element) -> bool {
        ZFrame::is_of(element)
    }

    fn take(value: Option<PictureValue>) -> Option<Self> {
        ZFrame::take(value).map(|frame| frame.data().to_vec())
    }
}

impl<T: PictureElement> Sealed for Option<T> {}
impl<T: PictureElement> PictureElement for Option<T> {
    fn is_of(element: Element) -> bool {
        T::is_of(element)
    }

    fn take(value: Option<PictureValue>) -> Option<Self> {
        match value {
            None => Some(None),
            value => T::take(value).map(Some),
        }
    }
}

impl Sealed for PictureValue {}
impl Sealed for Vec<PictureValue> {}
impl IntoPicture for Vec<PictureValue> {
    fn into_values(self) -> Vec<PictureValue> {
        self
    }
}
impl FromPicture for Vec<PictureValue> {
    fn check(_: &[Element]) -> Result<()> {
        Ok(())
    }

    fn take_all(values: vec::IntoIter<Option<PictureValue>>) -> Option<Self> {
        values.collect()
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name),*> Sealed for ($($name,)*) {}
        impl<$($name: Into<PictureValue>),*> IntoPicture for ($($name,)*) {
            #[allow(non_snake_case, reason = "a value has the name of its type")]
            fn into_values(self) -> Vec<PictureValue> {
                let ($($name,)*) = self;
                vec![$($name.into()),*]
            }
        }
        impl<$($name: PictureElement),*> FromPicture for ($($name,)*) {
            fn check(elements: &[Element]) -> Result<()> {
                check(elements, &[$($name::is_of),*])
            }

            #[allow(unused_mut, unused_variables, reason = "of no values")]
            fn take_all(mut values: vec::IntoIter<Option<PictureValue>>) -> Option<Self> {
                Some(($($name::take(values.next()?)?,)*))
            }
        }
    };
}

macro_rules! all_tuples {
    ($first:ident $($name:ident)*) => {
        tuples! { $first $($name)* }
        all_tuples! { $($name)* }
    };
    () => {
        tuples! {}
    };
}

all_tuples! { A B C D E F G H I J K L M N O P }

/// Whether the elements that have values are of these types.
fn check(elements: &[Element], types: &[fn(Element) -> bool]) -> Result<()> {
    let mut types = types.iter();
    for element in elements.iter().filter(|element| element.has_value()) {
        if !types.next().is_some_and(|is_of| is_of(*element)) {
            return Err(misfit(format!(
                "the type has another value than the picture's {element:?}"
            )));
        }
    }
    match types.next() {
        None => Ok(()),
        Some(_) => Err(misfit("the type has more values than the picture")),
    }
}

/// The elements of a picture, each with its value, if these are of its types.
pub(super) fn pair(
    elements: &[Element],
    values: Vec<PictureValue>,
) -> Result<Vec<(Element, Option<PictureValue>)>> {
    let mut values = values.into_iter();
    let of = |element: &Element| {
        if !element.has_value() {
            return Ok((*element, None));
        }
        match values.next() {
            Some(value) if value.is_of(*element) => Ok((*element, Some(value))),
            Some(_) => {
                let reason = format!("another value than the picture's {element:?}");
                Err(Error::invalid(SEND, reason))
            }
            None => {
                Err(Error::invalid(SEND, "the picture has more elements than there are values"))
            }
        }
    };
    let pairs = elements.iter().map(of).collect::<Result<_>>()?;
    match values.next() {
        None => Ok(pairs),
        Some(_) => Err(Error::invalid(SEND, "more values than the picture has elements")),
    }
}

/// The values of a message, or the message.
pub(super) fn collect<T: FromPicture>(
    decoded: Result<Vec<Option<PictureValue>>>,
    message: ZMsg,
) -> Result<T, RecvError> {
    let taken = decoded.and_then(|values| {
        let short = || misfit(format!("a short message, of {} frames", message.size()));
        T::take_all(values.into_iter()).ok_or_else(short)
    });
    taken.map_err(|error| RecvError { error, message })
}

/// A receive that failed, with the message, if it was the message that does not fit the picture.
///
/// `?` turns it into an [`Error`] or a [`std::io::Error`].
pub struct RecvError {
    /// Why it failed.
    pub error: Error,
    /// What was received; a message of no frames, if nothing was.
    pub message: ZMsg,
}

impl RecvError {
    /// Returns what kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.error.kind()
    }
}

impl From<Error> for RecvError {
    fn from(error: Error) -> Self {
        Self { error, message: ZMsg::new() }
    }
}

impl From<RecvError> for Error {
    fn from(failed: RecvError) -> Self {
        failed.error
    }
}

impl From<RecvError> for io::Error {
    fn from(failed: RecvError) -> Self {
        failed.error.into()
    }
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl fmt::Debug for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecvError").field("error", &self.error).finish_non_exhaustive()
    }
}

impl std::error::Error for RecvError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}
