//! `Reply`: whether a client is let in, and under which name.

use std::borrow::Cow;

use crate::error::{Error, Result};
use crate::message::Message;
use crate::multipart::Multipart;
use crate::zap::request::Request;

/// Names of properties that libzmq gives itself.
const RESERVED: [&str; 4] = ["User-Id", "Socket-Type", "Identity", "Peer-Address"];

/// Whether a client is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    status: &'static str,
    text: String,
    user_id: String,
    metadata: Vec<(String, String)>,
}

impl Reply {
    fn new(status: &'static str, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), user_id: String::new(), metadata: Vec::new() }
    }

    /// Lets the client in, as the user of this id, which may be empty.
    pub fn accept(user_id: impl Into<String>) -> Self {
        Self { user_id: user_id.into(), ..Self::new("200", "OK") }
    }

    /// Does not let the client in (400). It is told so, and libzmq's clients do not try again.
    ///
    /// The text, which says why, is for logs: libzmq does not pass it on.
    pub fn deny(text: impl Into<String>) -> Self {
        Self::new("400", text)
    }

    /// Does not let the client in for now (300): its connection is closed, and it tries again.
    pub fn temporary_error(text: impl Into<String>) -> Self {
        Self::new("300", text)
    }

    /// Does not let the client in, because the handler has failed (500). It is as [`deny`](Self::deny) to the client.
    pub fn internal_error(text: impl Into<String>) -> Self {
        Self::new("500", text)
    }

    /// Adds a property, which each message of the client then has:
    /// [`Message::property`](crate::Message::property).
    ///
    /// The name is of 1 to 255 letters, digits and `-_.+`, and none of libzmq's own. The value has no NUL.
    #[must_use]
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.push((name.into(), value.into()));
        self
    }

    /// Tells whether a property can be added by [`metadata`](Self::metadata): a reply with another cannot be sent.
    ///
    /// ```
    /// use zmqx::zap::Reply;
    ///
    /// assert!(Reply::takes("Role", "admin"));
    /// assert!(!Reply::takes("User-Id", "admin")); // libzmq's own
    /// ```
    pub fn takes(name: &str, value: &str) -> bool {
        check(name, value).is_ok()
    }

    /// Returns the status: 200, 300, 400 or 500.
    pub fn status(&self) -> u16 {
        self.status.parse().unwrap_or_default()
    }

    /// The frames that a ROUTER is to send.
    pub(crate) fn to_frames(&self, request: &Request) -> Result<Multipart> {
        let invalid = |reason: String| Error::invalid("make ZAP reply", reason);
        if self.user_id.contains('\0') {
            return Err(invalid("a user id with a NUL in it".to_owned()));
        }
        if self.text.len() > 255 {
            let len = self.text.len();
            return Err(invalid(format!("a status text of {len} bytes, which is more than 255")));
        }
        let metadata = self.encoded_metadata().map_err(|reason| invalid(reason.into_owned()))?;
        let mut frames = Multipart::new();
        frames.push_back(request.routing_id.clone());
        frames.push_back(Message::new());
        frames.push_back("1.0");
        frames.push_back(request.sequence.clone());
        frames.push_back(self.status);
        frames.push_back(&self.text);
        frames.push_back(&self.user_id);
        frames.push_back(metadata);
        Ok(frames)
    }

    /// As ZMTP has properties: the length of the name in a byte, the name, that of the value in four bytes, the value.
    fn encoded_metadata(&self) -> Result<Vec<u8>, Cow<'static, str>> {
        let mut bytes = Vec::new();
        for (name, value) in &self.metadata {
            let (len, value_len) = check(name, value)?;
            bytes.push(len);
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(&value_len.to_be_bytes());
            bytes.extend_from_slice(value.as_bytes());
        }
        Ok(bytes)
    }
}

/// Gives the lengths of a property's name and value as they are sent, or says why it is none.
fn check(name: &str, value: &str) -> Result<(u8, u32), Cow<'static, str>> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte);
    let len = u8::try_from(name.len()).ok().filter(|len| *len > 0);
    let Some(len) = len.filter(|_| name.bytes().all(is_letter)) else {
        return Err(format!("{name:?} is no name of a property").into());
    };
    if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
        return Err(format!("the property {name} is libzmq's own").into());
    }
    if value.contains('\0') {
        return Err(format!("a NUL in the value of {name}").into());
    }
    let value_len = u32::try_from(value.len()).map_err(|_| "a value of 4 GiB")?;
    Ok((len, value_len))
}
