//! The libzmq that runs says its version and what it was built with.

use zmqx::{Capability, Context, Version, has, version};

#[test]
fn the_version_is_one_that_is_supported() {
    assert!(version() >= Version { major: 3, minor: 2, patch: 0 });
    assert_eq!(Version { major: 4, minor: 3, patch: 4 }.to_string(), "4.3.4");
}

/// What builds libzmqs for the tests says which one is to run.
#[test]
fn the_libzmq_that_runs_is_the_one_that_was_built() {
    if let Ok(expected) = std::env::var("ZMQX_RUNS_WITH") {
        assert_eq!(version().to_string(), expected);
    }
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

/// The same for the draft API.
#[test]
#[cfg(all(feature = "draft", feature = "vendored"))]
fn the_feature_draft_brings_the_draft_api() {
    assert!(has(Capability::Draft));
    let socket = Context::new().unwrap().socket(zmqx::Router).unwrap();
    socket.set_hello_msg("Hello").unwrap();
}

#[test]
fn a_builder_sets_what_comes_before_the_first_socket() {
    let ctx = Context::builder().io_threads(2).max_sockets(2).ipv6(true).build().unwrap();
    let first = ctx.socket(zmqx::Pair).unwrap();
    assert!(first.ipv6().unwrap());
    let _second = ctx.socket(zmqx::Pair).unwrap();
    let third = ctx.socket(zmqx::Pair);
    assert_eq!(third.unwrap_err().kind(), zmqx::ErrorKind::TooManySockets);
}

#[test]
fn an_option_of_contexts_that_libzmq_does_not_have_is_unsupported() {
    let builder = Context::builder;
    for (builder, minor) in [
        (builder().thread_sched_policy(0), 1),
        (builder().thread_priority(0), 1),
        (builder().max_msgsz(1 << 20), 2),
        (builder().thread_affinity_cpu_add(0), 3),
        (builder().thread_name_prefix(7), 3),
    ] {
        let built = builder.clone().build();
        if version() >= (Version { major: 4, minor, patch: 0 }) {
            built.unwrap();
        } else if let Err(error) = built {
            let text = error.to_string();
            assert_eq!(error.kind(), zmqx::ErrorKind::Unsupported, "{text}");
            assert!(text.contains(&format!("(since 4.{minor})")), "{text}");
        } else {
            // The first of a minor version may come with the last patches of the one before.
            assert_eq!(version().minor, minor - 1, "{builder:?}");
        }
    }
}

#[test]
fn a_builder_refuses_what_libzmq_would_cut_short() {
    let refused = Context::builder().io_threads(usize::MAX).build();
    let text = refused.unwrap_err().to_string();
    assert!(text.contains("ZMQ_IO_THREADS"), "{text}");
    assert!(Context::builder().max_sockets(0).build().is_err());
}
