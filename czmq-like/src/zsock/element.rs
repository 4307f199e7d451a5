//! The characters of pictures.

use zmqx::{Error, Result};

/// What a character of a picture stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    Int,
    U8,
    U16,
    U32,
    U64,
    Pointer,
    Text,
    LongText,
    Bytes,
    Chunk,
    Frame,
    Dictionary,
    Uuid,
    Rest,
    Empty,
}

impl Element {
    /// Reads a picture whose elements are frames.
    pub(super) fn of_frames(picture: &str, operation: &'static str) -> Result<Vec<Self>> {
        Self::read(picture, operation, |character| {
            Some(match character {
                'i' => Self::Int,
                '1' => Self::U8,
                '2' => Self::U16,
                '4' | 'u' => Self::U32,
                '8' => Self::U64,
                's' => Self::Text,
                'b' | 'c' | 'f' => Self::Bytes,
                'h' => Self::Dictionary,
                'U' => Self::Uuid,
                'p' => Self::Pointer,
                'm' => Self::Rest,
                'z' => Self::Empty,
                _ => return None,
            })
        })
    }

    /// Reads a picture of the binary form.
    pub(super) fn of_binary(picture: &str, operation: &'static str) -> Result<Vec<Self>> {
        Self::read(picture, operation, |character| {
            Some(match character {
                '1' => Self::U8,
                '2' => Self::U16,
                '4' => Self::U32,
                '8' => Self::U64,
                's' => Self::Text,
                'S' => Self::LongText,
                'c' => Self::Chunk,
                'f' => Self::Frame,
                'u' => Self::Uuid,
                'm' => Self::Rest,
                'p' => Self::Pointer,
                _ => return None,
            })
        })
    }

    fn read(
        picture: &str,
        operation: &'static str,
        element: impl Fn(char) -> Option<Self>,
    ) -> Result<Vec<Self>> {
        let of = |character| {
            let unknown = || format!("{character:?} in {picture:?} is no element of a picture");
            element(character).ok_or_else(|| Error::invalid(operation, unknown()))
        };
        let elements: Vec<Self> = picture.chars().map(of).collect::<Result<_>>()?;
        let is_early = |element: &Self| *element == Self::Rest;
        if elements.split_last().is_some_and(|(_, before)| before.iter().any(is_early)) {
            let reason = format!("m is not the last element of {picture:?}");
            return Err(Error::invalid(operation, reason));
        }
        Ok(elements)
    }

    /// Whether it is a value's, and not just a frame.
    pub(super) fn has_value(self) -> bool {
        self != Self::Empty
    }
}
