//! Z85: RFC 32's vectors, and what is no Z85.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use proptest::strategy::Strategy;
use zmqx::{ErrorKind, z85};

const LETTERS: &str =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// The bytes and texts of the RFC.
const VECTORS: [(&[u8], &str); 2] = [
    (&[0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B], "HelloWorld"),
    (
        &[
            0x8E, 0x0B, 0xDD, 0x69, 0x76, 0x28, 0xB9, 0x1D, 0x8F, 0x24, 0x55, 0x87, 0xEE, 0x95,
            0xC5, 0xB0, 0x4D, 0x48, 0x96, 0x3F, 0x79, 0x25, 0x98, 0x77, 0xB4, 0x9C, 0xD9, 0x06,
            0x3A, 0xEA, 0xD3, 0xB7,
        ],
        "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6",
    ),
];

fn reason(text: &str) -> String {
    let error = z85::decode(text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    error.to_string()
}

#[test]
fn the_vectors_of_the_rfc_go_both_ways() {
    for (bytes, text) in VECTORS {
        assert_eq!(z85::encode(bytes).unwrap(), text);
        assert_eq!(z85::decode(text).unwrap(), bytes);
    }
}

#[test]
fn nothing_is_nothing() {
    assert_eq!(z85::encode([]).unwrap(), "");
    assert_eq!(z85::decode("").unwrap(), [0_u8; 0]);
}

#[test]
fn the_least_and_the_most_go_both_ways() {
    assert_eq!(z85::encode([0; 4]).unwrap(), "00000");
    assert_eq!(z85::encode([0xFF; 4]).unwrap(), "%nSc0");
    assert_eq!(z85::decode("%nSc0").unwrap(), [0xFF; 4]);
}

#[test]
fn a_length_that_does_not_fit_is_told() {
    for len in [1, 2, 3, 5, 31, 33] {
        let error = z85::encode(vec![0; len]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = format!("encode Z85: {len} bytes, which is no multiple of 4");
        assert_eq!(error.to_string(), text);
    }
    assert_eq!(reason("0000"), "decode Z85: 4 characters, which is no multiple of 5");
    assert_eq!(reason("000000"), "decode Z85: 6 characters, which is no multiple of 5");
}

#[test]
fn a_character_that_is_none_is_told_by_its_place() {
    assert_eq!(reason("Hello Worl"), "decode Z85: no character of Z85 at byte 5");
    assert_eq!(reason("Hell\"World"), "decode Z85: no character of Z85 at byte 4");
    assert_eq!(reason("0000\0"), "decode Z85: no character of Z85 at byte 4");
    // Two bytes of UTF-8 each.
    assert_eq!(reason("ää0"), "decode Z85: no character of Z85 at byte 0");
}

#[test]
fn more_than_four_bytes_worth_is_told() {
    assert_eq!(reason("%nSc1"), "decode Z85: more than four bytes' worth at byte 0");
    assert_eq!(reason("00000#####"), "decode Z85: more than four bytes' worth at byte 5");
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(words in proptest::collection::vec(any::<[u8; 4]>(), 0..64)) {
        let bytes = words.concat();
        let text = z85::encode(&bytes).unwrap();
        prop_assert_eq!(text.len(), bytes.len() / 4 * 5);
        prop_assert!(text.chars().all(|letter| LETTERS.contains(letter)));
        prop_assert_eq!(z85::decode(&text).unwrap(), bytes);
    }

    #[test]
    fn what_is_decoded_is_encoded_to_the_same(text in letters()) {
        if let Ok(bytes) = z85::decode(&text) {
            prop_assert_eq!(z85::encode(bytes).unwrap(), text);
        }
    }

    #[test]
    fn any_text_is_decoded_or_refused(text in any::<String>()) {
        match z85::decode(&text) {
            Ok(bytes) => prop_assert_eq!(bytes.len() * 5, text.len() * 4),
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::InvalidInput),
        }
    }
}

/// Texts of Z85's characters alone.
fn letters() -> impl Strategy<Value = String> {
    proptest::collection::vec(0..LETTERS.len(), 0..80)
        .prop_map(|places| places.into_iter().map(|place| &LETTERS[place..=place]).collect())
}
