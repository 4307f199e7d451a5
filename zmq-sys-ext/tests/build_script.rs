//! The build script's decisions, without running it.

#[allow(dead_code, reason = "the build script uses the rest")]
#[path = "../build/advice.rs"]
mod advice;
#[allow(dead_code, reason = "the build script uses the rest")]
#[path = "../build/header.rs"]
mod header;
#[allow(dead_code, reason = "the build script uses the rest")]
#[path = "../build/library.rs"]
mod library;
#[allow(dead_code, reason = "the build script uses the rest")]
#[path = "../build/settings.rs"]
mod settings;

use library::Kind;

/// A header with the lines that are looked at.
fn zmq_h(version: [u32; 3], message: &str) -> String {
    let [major, minor, patch] = version;
    format!(
        "#define ZMQ_VERSION_MAJOR {major}
         #define  ZMQ_VERSION_MINOR\t{minor}
         #define ZMQ_VERSION_PATCH {patch} /* of the release */
         typedef struct other_t {{ unsigned char _ [256]; }} other_t;
         {message}
         ZMQ_EXPORT int zmq_msg_init (zmq_msg_t *msg);"
    )
}

const MESSAGE_3_2: &str = "typedef struct {unsigned char _ [32];} zmq_msg_t;";
const MESSAGE_4_2: &str = "typedef union zmq_msg_t {unsigned char _[64]; void *p; } zmq_msg_t;";
const MESSAGE_4_3: &str = "typedef struct zmq_msg_t
{
#if defined(_MSC_VER)
    __declspec(align (8)) unsigned char _[64];
#else
    unsigned char _[64];
#endif
} zmq_msg_t;";

#[test]
fn a_header_of_every_level_gives_its_version() {
    assert_eq!(header::check(&zmq_h([3, 2, 2], MESSAGE_3_2)), Ok((3, 2, 2)));
    assert_eq!(header::check(&zmq_h([4, 2, 5], MESSAGE_4_2)), Ok((4, 2, 5)));
    assert_eq!(header::check(&zmq_h([4, 3, 5], MESSAGE_4_3)), Ok((4, 3, 5)));
    assert_eq!(header::check(&zmq_h([5, 0, 0], MESSAGE_4_3)), Ok((5, 0, 0)));
    assert_eq!(header::dotted((4, 3, 5)), "4.3.5");
}

#[test]
fn a_library_with_drafts_is_known_by_a_function_of_theirs() {
    assert!(library::exports_drafts(b"\0zmq_ctx_set\0zmq_ctx_set_ext\0zmq_ctx_get\0"));
    assert!(!library::exports_drafts(b"\0zmq_ctx_set\0zmq_ctx_get\0"));
    assert!(!library::exports_drafts(b""));
}

#[test]
fn a_header_with_windows_line_ends_is_read() {
    let text = zmq_h([4, 3, 4], MESSAGE_4_3).replace('\n', "\r\n");
    assert_eq!(header::check(&text), Ok((4, 3, 4)));
}

#[test]
fn a_message_larger_than_the_reserved_bytes_is_refused() {
    let larger = MESSAGE_4_3.replacen("64", "72", 1);
    let refusal = header::check(&zmq_h([4, 4, 0], &larger)).unwrap_err();
    assert!(refusal.contains("72 bytes") && refusal.contains("reserve 64"), "{refusal}");
}

#[test]
fn a_libzmq_before_3_2_is_refused() {
    let refusal = header::check(&zmq_h([2, 2, 0], MESSAGE_3_2)).unwrap_err();
    assert!(refusal.contains("2.2.0 is too old"), "{refusal}");
}

#[test]
fn a_text_that_is_no_header_is_refused() {
    assert!(header::check("").unwrap_err().contains("ZMQ_VERSION_MAJOR"));
    let no_number = zmq_h([4, 3, 4], MESSAGE_4_3).replace("MINOR\t3", "MINOR\tthree");
    assert!(header::check(&no_number).unwrap_err().contains("ZMQ_VERSION_MINOR"));
    for message in [
        "",
        "typedef void *zmq_msg_t;",
        "typedef struct {unsigned char _ [N];} zmq_msg_t;",
        "} zmq_msg_t;",
    ] {
        let refusal = header::check(
            &zmq_h([4, 3, 4], message).replace("typedef struct other_t", "struct other_t"),
        );
        assert!(refusal.unwrap_err().contains("how large"), "{message}");
    }
}

#[test]
fn a_header_that_is_not_there_is_named() {
    let refusal = header::version("no/such/directory".as_ref()).unwrap_err();
    assert!(refusal.contains("no/such/directory") && refusal.contains("zmq.h"), "{refusal}");
}

/// The choice among these files, without and with ZMQ_STATIC.
fn choices(files: &[&str]) -> [Option<(String, Kind)>; 2] {
    let files: Vec<String> = files.iter().map(|&file| file.to_owned()).collect();
    [library::choose(&files, false), library::choose(&files, true)]
}

fn shared(name: &str) -> Option<(String, Kind)> {
    Some((name.to_owned(), Kind::Shared))
}

fn archive(name: &str) -> Option<(String, Kind)> {
    Some((name.to_owned(), Kind::Static))
}

#[test]
fn the_shared_library_is_chosen_unless_the_archive_is_asked_for() {
    assert_eq!(choices(&["libzmq.a", "libzmq.so", "libzmq.so.5"]), [shared("zmq"), archive("zmq")]);
    assert_eq!(choices(&["libzmq.a", "libzmq.dylib"]), [shared("zmq"), archive("zmq")]);
    assert_eq!(choices(&["libzmq.a", "libzmq.dll.a"]), [shared("zmq"), archive("zmq")]);
    assert_eq!(choices(&["libzmq.so"]), [shared("zmq"), None]);
    assert_eq!(choices(&["libzmq.a"]), [archive("zmq"), archive("zmq")]);
    assert_eq!(choices(&["libczmq.so", "libzmq.so.5", "pkgconfig"]), [None, None]);
}

#[test]
fn the_names_that_msvc_builds_have_are_known() {
    let both =
        ["libzmq-v143-mt-4_3_5.lib", "libzmq-v143-mt-s-4_3_5.lib", "libzmq-v143-mt-gd-4_3_5.lib"];
    assert_eq!(choices(&both), [shared("libzmq-v143-mt-4_3_5"), archive("libzmq-v143-mt-s-4_3_5")]);
    assert_eq!(choices(&["libzmq-mt-4_3_5.lib"]), [shared("libzmq-mt-4_3_5"), None]);
    assert_eq!(choices(&["zmq.lib"]), [shared("zmq"), archive("zmq")]);
}

#[test]
fn each_platform_has_its_cxx_runtime() {
    for (target, runtime) in [
        ("x86_64-unknown-linux-gnu", Some("stdc++")),
        ("aarch64-unknown-linux-musl", Some("stdc++")),
        ("aarch64-apple-darwin", Some("c++")),
        ("x86_64-unknown-freebsd", Some("c++")),
        ("aarch64-linux-android", Some("c++_shared")),
        ("x86_64-pc-windows-gnu", Some("stdc++")),
        ("x86_64-pc-windows-msvc", None),
    ] {
        assert_eq!(library::cxx_runtime(target).as_deref(), runtime, "{target}");
    }
}

#[test]
fn a_switch_is_on_unless_absent_or_zero() {
    assert!(settings::is_on(Some("1".into())));
    assert!(settings::is_on(Some("yes".into())));
    assert!(!settings::is_on(Some("0".into())));
    assert!(!settings::is_on(None));
}

#[test]
fn the_advice_names_packages_and_features() {
    let advice = advice::not_found("reason.", false);
    for part in [
        "No libzmq: reason.",
        "libzmq3-dev",
        "zeromq-devel",
        "apk add zeromq-dev",
        "pacman -S zeromq",
        "brew",
    ] {
        assert!(advice.contains(part), "{part} is not in: {advice}");
    }
    assert!(
        advice.contains("`vendored`")
            && advice.contains("`fallback`")
            && !advice.contains("ZMQ_NO_VENDOR")
    );
    assert!(advice::not_found("reason.", true).contains("ZMQ_NO_VENDOR"));
}

#[test]
fn the_missing_pkg_config_is_named_as_it_was_called() {
    let advice = advice::no_pkg_config(
        "PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 /opt/pkg-config --libs libzmq",
        "no such file",
    );
    assert!(advice.contains("`/opt/pkg-config`: no such file"), "{advice}");
}
