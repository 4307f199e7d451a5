//! The class `ZConfig`: what CZMQ's own test of zconfig checks, its grammar, and texts that are none.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

use std::fs;

use czmq_like::prelude::*;
use proptest::prelude::{any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy};

fn refused(text: &str) -> String {
    let error = ZConfig::str_load(text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    error.to_string().strip_prefix("read ZPL: ").unwrap().to_owned()
}

#[test]
fn a_tree_is_saved_and_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let filename = folder.path().join("test.cfg");
    let mut root = ZConfig::new("root");
    let section = root.add(ZConfig::new("headers"));
    section.add(ZConfig::new("email")).set_value("some@random.com");
    section.add(ZConfig::new("name")).set_value("Justin Kayce");
    root.put("/curve/secret-key", "Top Secret");
    root.set_comment("   CURVE certificate");
    root.set_comment("   -----------------");
    root.save(&filename).unwrap();
    let text = "#   CURVE certificate\n#   -----------------\n\nheaders\n    email = \"some@random.com\"\n    \
                name = \"Justin Kayce\"\ncurve\n    secret-key = \"Top Secret\"\n";
    assert_eq!(fs::read_to_string(&filename).unwrap(), text);

    let loaded = ZConfig::load(&filename).unwrap();
    assert_eq!(loaded, root);
    assert_eq!(loaded.get("/headers/email"), Some("some@random.com"));
    assert_eq!(loaded.get("/curve/secret-key"), Some("Top Secret"));
    assert_eq!(loaded.comments().len(), 2);
    // Nothing else is left in the folder.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn each_way_to_write_a_value_is_read() {
    let text = "context\n    iothreads = 1\n    verbose = 1   #   Ask for a trace\n\
                main\n    type = zqueue    #  ZMQ_DEVICE type\n    frontend\n        option\n            \
                hwm = 1000\n            swap = '25000000 # bytes'\n        bind = 'inproc://addr1'\n        \
                bind = \"ipc://addr2\"\r\n    empty =\n    none\n\n   \n# a comment\n    # another\na/b = it's\n\
                commented =#nothing";
    let root = ZConfig::str_load(text).unwrap();
    let get = |path| root.get(path);
    assert_eq!(get("context/verbose"), Some("1"));
    assert_eq!(get("main/type"), Some("zqueue"));
    assert_eq!(get("main/frontend/option/swap"), Some("25000000 # bytes"));
    assert_eq!(get("main/frontend/bind"), Some("inproc://addr1"));
    assert_eq!((get("main/empty"), get("main/none")), (Some(""), Some("")));
    assert_eq!((get("main/other"), get("other/none")), (None, None));
    assert_eq!(get("commented"), Some(""));
    let frontend = root.locate("main/frontend").unwrap().children();
    let names: Vec<_> = frontend.iter().map(|item| (item.name(), item.value())).collect();
    let binds = [("bind", "inproc://addr1"), ("bind", "ipc://addr2")];
    assert_eq!(names, [&[("option", "")], &binds[..]].concat());
    assert_eq!(root.children()[2].name(), "a/b");
    assert_eq!(root.comments(), [" a comment"]);
}

#[test]
fn a_text_that_is_no_zpl_is_refused_with_its_line() {
    assert_eq!(refused("a\n  b = 1"), "line 2: not indented by 4 spaces at once");
    assert_eq!(refused("a\n        b = 1"), "line 2: indented too far");
    assert_eq!(refused("    a = 1"), "line 1: indented too far");
    assert_eq!(refused("a = \"1"), "line 1: a \" is missing");
    assert_eq!(refused("a = '1\nb = '2'"), "line 1: a ' is missing");
    assert_eq!(refused("a = '1' 2"), "line 1: neither a name nor a value");
    assert_eq!(refused("a: 1"), "line 1: neither a name nor a value");
    assert_eq!(refused("\ta = 1"), "line 1: neither a name nor a value");
    assert_eq!(refused("\u{fc} = 1"), "line 1: neither a name nor a value");
    assert_eq!(refused("a = 1\n/b = 1"), "line 2: a name that begins or ends with /");
    assert_eq!(refused("a/ = 1"), "line 1: a name that begins or ends with /");
    assert_eq!(refused("a = 1\0"), "line 1: a NUL");
}

#[test]
fn no_text_nests_so_deep_that_it_exhausts_the_stack() {
    let nested = |depth: usize| -> String {
        (0..depth).map(|level| format!("{:1$}a\n", "", level * 4)).collect()
    };
    let deep = ZConfig::str_load(&nested(64)).unwrap();
    assert_eq!(ZConfig::str_load(&deep.str_save().unwrap()).unwrap(), deep);
    assert_eq!(refused(&nested(65)), "line 65: nested too deep");
    assert_eq!(refused(&nested(5000)), "line 65: nested too deep");
}

#[test]
fn a_file_that_is_no_zpl_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let filename = folder.path().join("test.cfg");
    let load = || ZConfig::load(&filename).unwrap_err();
    assert_eq!(load().kind(), ErrorKind::NotFound);
    assert!(load().to_string().contains("test.cfg"), "{}", load());
    fs::write(&filename, b"a = 1\nb = \xFF").unwrap();
    assert!(load().to_string().ends_with("test.cfg: line 2: not UTF-8"), "{}", load());
    fs::write(&filename, vec![b'\n'; 1 << 20]).unwrap();
    ZConfig::load(&filename).unwrap();
    fs::write(&filename, vec![b'\n'; (1 << 20) + 1]).unwrap();
    assert!(load().to_string().ends_with("test.cfg: more than a megabyte"), "{}", load());
    let error = ZConfig::load(folder.path()).unwrap_err();
    assert!(error.to_string().ends_with("not a regular file"), "{error}");
}

#[test]
fn what_zpl_cannot_write_is_refused() {
    let save = |name: &str, value: &str| {
        let mut root = ZConfig::new("root");
        root.add(ZConfig::new(name)).set_value(value);
        root.str_save()
    };
    for name in ["", "a name", "a\n", "/a", "a/", "\u{fc}", "a=b", "#a"] {
        assert_eq!(save(name, "1").unwrap_err().kind(), ErrorKind::InvalidInput, "{name:?}");
    }
    for value in ["a\nb", "a\0", "'a' \"b\"", "a'\"#", "a'\" "] {
        assert_eq!(save("a", value).unwrap_err().kind(), ErrorKind::InvalidInput, "{value:?}");
    }
    assert_eq!(save("a", "it's \"so\"").unwrap(), "a = it's \"so\"\n");
    assert_eq!(save("a", "\"so\" # yes").unwrap(), "a = '\"so\" # yes'\n");
    let mut root = ZConfig::new("root");
    root.set_comment("two\nlines");
    assert_eq!(root.str_save().unwrap_err().kind(), ErrorKind::InvalidInput);
}

/// Texts that are nearly ZPL.
fn nearly() -> impl Strategy<Value = String> {
    let words = [
        "    ", "a", "b-c", "=", " = ", "\"", "'", "#", "\n", "\r", "\t", "/", "\0", "\u{e9}",
        "x y",
    ];
    let word = prop_oneof![
        8 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
        4 => Just("\n".to_owned()),
    ];
    proptest::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

fn trees() -> impl Strategy<Value = ZConfig> {
    let leaf = ("[a-z$_@.&+-]{1,8}", proptest::option::of(any::<String>()));
    let leaf = leaf.prop_map(|(name, value)| {
        let mut item = ZConfig::new(name);
        value.into_iter().for_each(|value| item.set_value(value));
        item
    });
    leaf.prop_recursive(4, 30, 5, |inner| {
        ("[a-z]{1,3}", proptest::collection::vec(inner, 0..5)).prop_map(|(name, children)| {
            let mut item = ZConfig::new(name);
            for child in children {
                item.add(child);
            }
            item
        })
    })
}

proptest! {
    #[test]
    fn any_text_is_a_tree_or_an_error(text in nearly()) {
        if let Ok(root) = ZConfig::str_load(&text) {
            // What was read can be written, unless it has both sorts of quotes, and is read as it was.
            match root.str_save() {
                Ok(saved) => prop_assert_eq!(ZConfig::str_load(&saved).unwrap(), root),
                Err(_) => prop_assert!(text.contains('"') && text.contains('\'')),
            }
        }
    }

    #[test]
    fn a_tree_that_is_written_is_read_as_it_was(item in trees()) {
        let mut root = ZConfig::new("root");
        root.add(item);
        if let Ok(text) = root.str_save() {
            prop_assert_eq!(ZConfig::str_load(&text).unwrap(), root);
        }
    }
}
