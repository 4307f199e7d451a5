//! Messages by a picture in the binary form: those of zsock_bsend and zsock_brecv.

use zmqx::{Error, Result};

use super::element::Element;
use super::values::{PictureValue, pair};
use super::{SEND, misfit};
use crate::{ZFrame, ZMsg, zstr};

pub(super) fn encode(elements: &[Element], values: Vec<PictureValue>) -> Result<ZMsg> {
    let mut data = Writer::default();
    let mut behind = ZMsg::new();
    for (element, value) in pair(elements, values)? {
        match value {
            Some(PictureValue::U8(number)) => data.put(&number.to_be_bytes()),
            Some(PictureValue::U16(number)) => data.put(&number.to_be_bytes()),
            Some(PictureValue::U32(number)) => data.put(&number.to_be_bytes()),
            Some(PictureValue::U64(number)) => data.put(&number.to_be_bytes()),
            Some(PictureValue::Usize(number)) => data.put(&number.to_ne_bytes()),
            Some(PictureValue::Uuid(uuid)) => data.put(&uuid),
            Some(PictureValue::Text(text)) if element == Element::LongText => {
                data.long_text(text.as_bytes())?;
            }
            Some(PictureValue::Text(text)) => data.short_text(text.as_bytes())?,
            Some(PictureValue::Frame(frame)) if element == Element::Chunk => {
                data.long_text(frame.data())?;
            }
            Some(PictureValue::Frame(frame)) => behind.add(frame),
            Some(PictureValue::Msg(rest)) => behind.extend(rest),
            // The pictures of this form have none of these.
            Some(PictureValue::I32(_) | PictureValue::Dictionary(_)) | None => {}
        }
    }
    behind.push(data.into_bytes());
    Ok(behind)
}

/// Reads the message, which stays as it is.
pub(super) fn decode(elements: &[Element], msg: &mut ZMsg) -> Result<Vec<Option<PictureValue>>> {
    let mut frames = msg.iter_mut();
    let first = frames.next().ok_or_else(|| misfit("a message of no frames"))?;
    let mut data = Reader::new(first.data());
    let mut values = Vec::with_capacity(elements.len());
    for element in elements {
        let read = match element {
            Element::U8 => data.array().map(u8::from_be_bytes).map(PictureValue::U8),
            Element::U16 => data.array().map(u16::from_be_bytes).map(PictureValue::U16),
            Element::U32 => data.array().map(u32::from_be_bytes).map(PictureValue::U32),
            Element::U64 => data.array().map(u64::from_be_bytes).map(PictureValue::U64),
            Element::Pointer => data.array().map(usize::from_ne_bytes).map(PictureValue::Usize),
            Element::Uuid => data.array().map(PictureValue::Uuid),
            Element::Text => data.short_text().map(|text| PictureValue::Text(zstr::text(text))),
            Element::LongText => data.long_text().map(|text| PictureValue::Text(zstr::text(text))),
            Element::Chunk => data.long_text().map(|bytes| PictureValue::Frame(bytes.into())),
            Element::Rest => {
                let rest = frames.by_ref().map(ZFrame::share).collect::<ZMsg>();
                Some(PictureValue::Msg(rest))
            }
            _ => frames.next().map(|frame| PictureValue::Frame(frame.share())),
        };
        let short = || misfit(format!("the message ends before the picture's {element:?}"));
        values.push(Some(read.ok_or_else(short)?));
    }
    if !data.is_at_end() {
        return Err(misfit("bytes are left behind the picture's"));
    }
    match frames.next() {
        None => Ok(values),
        Some(_) => Err(misfit("frames are left behind the picture's")),
    }
}

/// Bytes with their lengths before them.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// With the length in one byte.
    pub(super) fn short_text(&mut self, text: &[u8]) -> Result<()> {
        let too_long = |_| Error::invalid(SEND, "a text of more than 255 bytes");
        self.put(&u8::try_from(text.len()).map_err(too_long)?.to_be_bytes());
        self.put(text);
        Ok(())
    }

    /// With the length in four bytes.
    pub(super) fn long_text(&mut self, text: &[u8]) -> Result<()> {
        let too_long = |_| Error::invalid(SEND, "a text of 4 GiB or more");
        self.put(&u32::try_from(text.len()).map_err(too_long)?.to_be_bytes());
        self.put(text);
        Ok(())
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads what a [`Writer`] wrote, or anybody else.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*array)
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn short_text(&mut self) -> Option<&'a [u8]> {
        let [len] = self.array()?;
        self.take(len.into())
    }

    pub(super) fn long_text(&mut self) -> Option<&'a [u8]> {
        let len = u32::from_be_bytes(self.array()?);
        self.take(usize::try_from(len).ok()?)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }
}
