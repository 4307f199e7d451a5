//! What other bindings got wrong, and has no better place among the other tests; each under the name of its report.
//!
//! The others are where they belong: in `context`, `raw_handles`, `signals`, `messages`, `owners`, `errors`,
//! `send_receive`, `options` and the compile_fail doctests of `Socket`, `PollItem` and `Message`.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use zmqx::curve::{PublicKey, SecretKey};
use zmqx::{Context, Dealer, ErrorKind, Message, Multipart, Socket};

use common::{SOON, within};

/// A program that takes an endpoint from elsewhere must not die of it.
#[test]
fn nul_in_endpoint_is_error() {
    let socket = Context::new().unwrap().socket(Dealer).unwrap();
    for endpoint in ["\0", "tcp://127.0.0.1:1\0", "inproc://a\0b", "inproc://\0"] {
        for error in [
            socket.bind(endpoint).unwrap_err(),
            socket.connect(endpoint).unwrap_err(),
            socket.unbind(endpoint).unwrap_err(),
            socket.disconnect(endpoint).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains("NUL"), "{error}");
        }
    }
}

/// Memory that nobody has written must not be readable.
#[test]
fn with_size_zeroed() {
    for round in 0..20_u8 {
        for len in [1, 33, 34, 1000, 100_000] {
            // So that what the allocator gives next is not zero by chance.
            drop(Message::from(vec![round | 1; len].as_slice()));
            let message =
                Message::build(len, |buffer| assert!(buffer.iter().all(|&byte| byte == 0)));
            assert_eq!(message, vec![0; len]);
        }
    }
}

/// Older libzmq reads 40 or 41 bytes as a C string and writes past a buffer of 32: there must be no way to pass them.
#[test]
fn curve_key_wrong_length_rejected() {
    for len in [0, 31, 33, 40, 41] {
        let bytes = &[7; 41][..len];
        assert_eq!(PublicKey::try_from(bytes).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(SecretKey::try_from(bytes).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    let key = PublicKey::try_from(&[7; 32][..]).unwrap();
    let socket = Context::new().unwrap().socket(Dealer).unwrap();
    for set in [Socket::set_curve_publickey, Socket::set_curve_serverkey] {
        match set(&socket, &key) {
            Ok(()) => assert!(zmqx::has(zmqx::Capability::Curve)),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Unsupported),
        }
    }
}

/// A send that is generic over the kind may be moved to a thread.
#[test]
fn a_socket_of_any_kind_may_be_moved_by_generic_code() {
    fn on_a_thread<K: zmqx::Kind>(socket: Socket<K>) -> Socket<K> {
        std::thread::spawn(move || socket).join().unwrap()
    }
    within(SOON, || {
        let socket = on_a_thread(Context::new().unwrap().socket(Dealer).unwrap());
        assert_eq!(socket.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

/// One index, that after the frame which has just been put behind the others, was out of range.
#[test]
fn a_frame_for_any_index_behind_the_last_one_goes_behind_it() {
    for index in [2, 3, 4, usize::MAX] {
        let mut message = Multipart::from(["one", "two"]);
        message.insert(index, "three");
        assert_eq!(message, ["one", "two", "three"], "for {index}");
    }
}
