//! The libzmq that runs says its version and what it was built with.

use zmqx::{Capability, Context, Version, has, version};

#[test]
fn the_version_is_one_that_is_supported() {
    assert!(version() >= Version { major: 3, minor: 2, patch: 0 });
    assert_eq!(Version { major: 4, minor: 3, patch: 4 }.to_string(), "4.3.4");
}

#[test]
fn versions_compare_by_their_parts() {
    let of = |major, minor, patch| Version { major, minor, patch };
    assert!(of(4, 10, 0) > of(4, 3, 9));
    assert!(of(5, 0, 0) > of(4, 99, 99));
}

#[test]
fn capabilities_can_be_asked_for() {
    assert_eq!(has(Capability::Ipc), cfg!(unix));
    // Whichever the answer, asking is no error.
    for capability in [
        Capability::Pgm,
        Capability::Tipc,
        Capability::Norm,
        Capability::Vmci,
        Capability::Ws,
        Capability::Wss,
        Capability::Curve,
        Capability::Gssapi,
        Capability::Draft,
    ] {
        let _ = has(capability);
    }
}

/// The vendored build says for itself whether it was to have CURVE.
#[test]
#[cfg(feature = "curve")]
fn the_feature_curve_brings_curve() {
    assert!(has(Capability::Curve));
}

#[test]
fn a_builder_sets_what_comes_before_the_first_socket() {
    let ctx = Context::builder()
        .io_threads(2)
        .max_sockets(2)
        .max_msgsz(1 << 20)
        .ipv6(true)
        .thread_name_prefix(7)
        .build()
        .unwrap();
    let first = ctx.socket(zmqx::Pair).unwrap();
    assert!(first.ipv6().unwrap());
    let _second = ctx.socket(zmqx::Pair).unwrap();
    let third = ctx.socket(zmqx::Pair);
    assert_eq!(third.unwrap_err().kind(), zmqx::ErrorKind::TooManySockets);
}

#[test]
fn a_builder_refuses_what_libzmq_would_cut_short() {
    let refused = Context::builder().io_threads(usize::MAX).build();
    let text = refused.unwrap_err().to_string();
    assert!(text.contains("ZMQ_IO_THREADS"), "{text}");
    assert!(Context::builder().max_sockets(0).build().is_err());
}
