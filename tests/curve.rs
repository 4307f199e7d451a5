//! CURVE's keys: how they are made, read, written, and kept secret.

use proptest::prelude::{any, prop_assert_eq, proptest};
use zmqx::curve::{KeyPair, PublicKey, SecretKey};
use zmqx::{Capability, ErrorKind, Version, has, version};

/// RFC 32's example of a key, as text and as bytes.
const TEXT: &str = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6";
const BYTES: [u8; 32] = [
    0x8E, 0x0B, 0xDD, 0x69, 0x76, 0x28, 0xB9, 0x1D, 0x8F, 0x24, 0x55, 0x87, 0xEE, 0x95, 0xC5, 0xB0,
    0x4D, 0x48, 0x96, 0x3F, 0x79, 0x25, 0x98, 0x77, 0xB4, 0x9C, 0xD9, 0x06, 0x3A, 0xEA, 0xD3, 0xB7,
];

const HAS_CURVE_PUBLIC: Version = Version { major: 4, minor: 2, patch: 0 };

#[test]
fn a_new_pair_is_a_new_one_or_unsupported() {
    match (KeyPair::new(), has(Capability::Curve)) {
        (Ok(pair), true) => {
            let other = KeyPair::new().unwrap();
            assert_ne!(pair.public, other.public);
            assert_ne!(pair.secret, other.secret);
            assert_ne!(pair.public.as_bytes(), pair.secret.as_bytes());
        }
        (Err(error), false) => assert_eq!(error.kind(), ErrorKind::Unsupported),
        (made, has) => panic!("{made:?}, though has(Curve) is {has}"),
    }
}

#[test]
fn a_secret_key_gives_its_public_key() {
    if !has(Capability::Curve) || version() < HAS_CURVE_PUBLIC {
        let error = SecretKey::from(BYTES).public_key().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        return;
    }
    for _ in 0..100 {
        let pair = KeyPair::new().unwrap();
        assert_eq!(pair.secret.public_key().unwrap(), pair.public);
        assert_eq!(KeyPair::try_from(pair.secret.clone()).unwrap(), pair);
    }
}

#[test]
fn a_public_key_is_written_and_read_as_z85() {
    let key = PublicKey::from(BYTES);
    assert_eq!(key.to_string(), TEXT);
    assert_eq!(TEXT.parse::<PublicKey>().unwrap(), key);
    assert_eq!(format!("{key:?}"), format!("PublicKey({TEXT})"));
    assert_eq!(key.as_ref(), BYTES);
    assert_eq!(PublicKey::try_from(&BYTES[..]).unwrap(), key);
}

#[test]
fn a_secret_key_is_read_and_written_on_demand_alone() {
    let key: SecretKey = TEXT.parse().unwrap();
    assert_eq!(key.as_bytes(), &BYTES);
    assert_eq!(key.to_z85(), TEXT);
    assert_eq!(SecretKey::try_from(&BYTES[..]).unwrap(), key);
    assert_eq!(format!("{key:?}"), "SecretKey(..)");
    let pair = KeyPair { public: PublicKey::from([0; 32]), secret: key };
    assert!(!format!("{pair:?} {pair:#?}").contains(TEXT));
}

#[test]
fn a_text_that_is_no_key_is_refused() {
    for text in ["", "Hello", &TEXT[1..], &format!("{TEXT}00000"), &TEXT.replace('%', "\"")] {
        let error = text.parse::<PublicKey>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{text:?}");
        let error = text.parse::<SecretKey>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{text:?}");
        assert!(text.is_empty() || !error.to_string().contains(text), "{error}");
    }
    let error = "Hello".parse::<SecretKey>().unwrap_err();
    assert_eq!(error.to_string(), "read secret key: 5 characters, not 40");
}

proptest! {
    #[test]
    fn every_key_goes_through_its_text(bytes in any::<[u8; 32]>()) {
        let key = PublicKey::from(bytes);
        prop_assert_eq!(key.to_string().parse::<PublicKey>().unwrap(), key);
        let secret = SecretKey::from(bytes);
        prop_assert_eq!(secret.to_z85().parse::<SecretKey>().unwrap(), secret);
    }
}
