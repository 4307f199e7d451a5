//! Messages by a picture, each element of it a frame: those of zsock_send and zsock_recv.

use std::collections::HashMap;

use zmqx::{Error, Result};

use super::binary::{Reader, Writer};
use super::element::Element;
use super::values::{PictureValue, pair};
use super::{SEND, misfit};
use crate::{ZFrame, ZMsg, zstr};

pub(super) fn encode(elements: &[Element], values: Vec<PictureValue>) -> Result<ZMsg> {
    let mut msg = ZMsg::new();
    for (_, value) in pair(elements, values)? {
        match value {
            None => msg.add(ZFrame::new_empty()),
            Some(PictureValue::I32(number)) => msg.add(number.to_string()),
            Some(PictureValue::U8(number)) => msg.add(number.to_string()),
            Some(PictureValue::U16(number)) => msg.add(number.to_string()),
            Some(PictureValue::U32(number)) => msg.add(number.to_string()),
            Some(PictureValue::U64(number)) => msg.add(number.to_string()),
            Some(PictureValue::Usize(number)) => msg.add(number.to_ne_bytes()),
            Some(PictureValue::Text(text)) => msg.add(text),
            Some(PictureValue::Frame(frame)) => msg.add(frame),
            Some(PictureValue::Dictionary(dictionary)) => msg.add(pack(&dictionary)?),
            Some(PictureValue::Uuid(uuid)) => msg.add(uuid),
            Some(PictureValue::Msg(rest)) => msg.extend(rest),
        }
    }
    Ok(msg)
}

/// Reads the message, which stays as it is.
pub(super) fn decode(elements: &[Element], msg: &mut ZMsg) -> Result<Vec<Option<PictureValue>>> {
    if let Some(status) = msg.signal() {
        return Err(misfit(format!("a signal, with the status {status}")));
    }
    let mut values = Vec::with_capacity(elements.len());
    let mut frames = msg.iter_mut();
    for (index, element) in elements.iter().enumerate() {
        if *element == Element::Rest {
            let rest = frames.by_ref().map(ZFrame::share).collect::<ZMsg>();
            values.push(Some(PictureValue::Msg(rest)));
            continue;
        }
        match (frames.next(), element) {
            (Some(frame), Element::Empty) if frame.is_empty() => {}
            (Some(_), Element::Empty) => return Err(misfit("a frame that is not empty")),
            (Some(frame), element) => values.push(Some(value(*element, frame)?)),
            // A message may be short if a value may be missing. If none is, the frame is all that is.
            (None, Element::Empty) => {
                let is_of_value =
                    |element: &Element| element.has_value() && *element != Element::Rest;
                let is_short = values.last().is_some_and(Option::is_none)
                    || elements[index..].iter().any(is_of_value);
                if !is_short {
                    return Err(misfit("an empty frame is missing"));
                }
            }
            (None, _) => values.push(None),
        }
    }
    match frames.next() {
        None => Ok(values),
        Some(_) => Err(misfit(format!(
            "a message of {} frames, for a picture of {}",
            msg.size(),
            elements.len()
        ))),
    }
}

fn value(element: Element, frame: &mut ZFrame) -> Result<PictureValue> {
    let read = match element {
        Element::Int => number(frame, true).map(PictureValue::I32),
        Element::U8 => number(frame, false).map(PictureValue::U8),
        Element::U16 => number(frame, false).map(PictureValue::U16),
        Element::U32 => number(frame, false).map(PictureValue::U32),
        Element::U64 => number(frame, false).map(PictureValue::U64),
        Element::Pointer => {
            frame.data().try_into().ok().map(usize::from_ne_bytes).map(PictureValue::Usize)
        }
        Element::Uuid => frame.data().try_into().ok().map(PictureValue::Uuid),
        Element::Dictionary => unpack(frame.data()).map(PictureValue::Dictionary),
        Element::Text | Element::LongText => Some(PictureValue::Text(zstr::text(&*frame))),
        _ => Some(PictureValue::Frame(frame.share())),
    };
    read.ok_or_else(|| misfit(format!("a frame that is none of the picture's {element:?}")))
}

/// The number of a frame of digits.
fn number<T: std::str::FromStr>(frame: &ZFrame, is_signed: bool) -> Option<T> {
    let text = frame.as_str().ok()?;
    // CZMQ 4.2's `u` puts a "d" behind.
    let text = text.strip_suffix('d').unwrap_or(text);
    let digits = if is_signed { text.strip_prefix('-').unwrap_or(text) } else { text };
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// A dictionary as zhashx_pack makes it: the number of items in four bytes, and of each the key with its length in one
/// byte, and the value with its length in four.
fn pack(dictionary: &HashMap<String, String>) -> Result<Vec<u8>> {
    let mut packed = Writer::default();
    let count = u32::try_from(dictionary.len());
    packed
        .put(&count.map_err(|_| Error::invalid(SEND, "a dictionary of 4 G items"))?.to_be_bytes());
    for (key, value) in dictionary {
        packed.short_text(key.as_bytes())?;
        packed.long_text(value.as_bytes())?;
    }
    Ok(packed.into_bytes())
}

fn unpack(packed: &[u8]) -> Option<HashMap<String, String>> {
    let mut reader = Reader::new(packed);
    let count = u32::from_be_bytes(reader.array()?);
    let mut dictionary = HashMap::new();
    for _ in 0..count {
        let (key, value) = (reader.short_text()?, reader.long_text()?);
        if dictionary.insert(zstr::text(key), zstr::text(value)).is_some() {
            return None;
        }
    }
    reader.is_at_end().then_some(dictionary)
}
