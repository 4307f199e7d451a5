//! `ProtocolError`: what a peer, or a ZAP handler, did wrong in a handshake.

use std::fmt;

use zmq_sys_ext as ffi;

macro_rules! protocol_errors {
    ($($(#[doc = $doc:literal])+ $name:ident = $constant:ident, $text:literal;)+) => {
        /// What was wrong in a handshake: by ZMTP, the protocol of the wire, or by ZAP, that of the handler.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ProtocolError {
            $($(#[doc = $doc])+ $name,)+
            /// Another one, by libzmq's number.
            Other(u64),
        }

        impl ProtocolError {
            pub(super) fn from_number(number: u64) -> Self {
                match i32::try_from(number) {
                    $(Ok(ffi::$constant) => Self::$name,)+
                    _ => Self::Other(number),
                }
            }
        }

        impl fmt::Display for ProtocolError {
            /// Writes it in words, as "mechanism mismatch".
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name => f.pad($text),)+
                    Self::Other(number) => write!(f, "protocol error {number:#x}"),
                }
            }
        }
    };
}

protocol_errors! {
    /// ZMTP: no more is known.
    ZmtpUnspecified = ZMQ_PROTOCOL_ERROR_ZMTP_UNSPECIFIED, "a ZMTP error";
    /// ZMTP: a command that has no place there.
    ZmtpUnexpectedCommand = ZMQ_PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND, "unexpected command";
    /// ZMTP: a nonce that was used already.
    ZmtpInvalidSequence = ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_SEQUENCE, "invalid sequence";
    /// ZMTP: the keys could not be exchanged.
    ZmtpKeyExchange = ZMQ_PROTOCOL_ERROR_ZMTP_KEY_EXCHANGE, "key exchange failed";
    /// ZMTP: a malformed command.
    ZmtpMalformedCommand = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED, "malformed command";
    /// ZMTP: a malformed MESSAGE.
    ZmtpMalformedMessage = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_MESSAGE, "malformed MESSAGE";
    /// ZMTP: a malformed HELLO.
    ZmtpMalformedHello = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_HELLO, "malformed HELLO";
    /// ZMTP: a malformed INITIATE.
    ZmtpMalformedInitiate = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_INITIATE, "malformed INITIATE";
    /// ZMTP: a malformed ERROR.
    ZmtpMalformedError = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_ERROR, "malformed ERROR";
    /// ZMTP: a malformed READY.
    ZmtpMalformedReady = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_READY, "malformed READY";
    /// ZMTP: a malformed WELCOME.
    ZmtpMalformedWelcome = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_WELCOME, "malformed WELCOME";
    /// ZMTP: metadata that cannot be read, or are not acceptable, as a kind of socket that does not go with this one.
    ZmtpInvalidMetadata = ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_METADATA, "invalid metadata";
    /// ZMTP: what cannot be decrypted, as with a wrong key.
    ZmtpCryptographic = ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC, "cannot be decrypted";
    /// ZMTP: the peer has another security mechanism.
    ZmtpMechanismMismatch = ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH, "mechanism mismatch";
    /// ZAP: no more is known.
    ZapUnspecified = ZMQ_PROTOCOL_ERROR_ZAP_UNSPECIFIED, "a ZAP error";
    /// ZAP: a malformed reply.
    ZapMalformedReply = ZMQ_PROTOCOL_ERROR_ZAP_MALFORMED_REPLY, "malformed ZAP reply";
    /// ZAP: a reply to another request.
    ZapBadRequestId = ZMQ_PROTOCOL_ERROR_ZAP_BAD_REQUEST_ID, "ZAP reply to another request";
    /// ZAP: a reply of another version.
    ZapBadVersion = ZMQ_PROTOCOL_ERROR_ZAP_BAD_VERSION, "ZAP reply of another version";
    /// ZAP: a status that is none.
    ZapInvalidStatusCode = ZMQ_PROTOCOL_ERROR_ZAP_INVALID_STATUS_CODE, "invalid ZAP status";
    /// ZAP: metadata that cannot be read.
    ZapInvalidMetadata = ZMQ_PROTOCOL_ERROR_ZAP_INVALID_METADATA, "invalid ZAP metadata";
    /// WebSocket: no more is known.
    WsUnspecified = ZMQ_PROTOCOL_ERROR_WS_UNSPECIFIED, "a WebSocket error";
}
