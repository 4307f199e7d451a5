//! The three services, and their status codes.

use czmq_like::Result;

use crate::site::{Site, text};

#[test]
fn a_request_is_pending_until_a_worker_comes_and_then_answered_until_it_is_closed() -> Result<()> {
    let site = Site::new();
    let (_broker, _titanic) = (site.broker(), site.titanic());
    let mut client = site.client()?;
    let uuid = client.leave(b"Hello world");
    assert_eq!(uuid.len(), 32);
    assert!(uuid.iter().all(u8::is_ascii_hexdigit), "{}", text(&uuid));
    assert_eq!(client.call("titanic.reply", &[&uuid]), ("300".to_owned(), vec![]));

    let _worker = site.worker();
    assert_eq!(client.fetch(&uuid), [b"Hello world"]);
    // As often as one likes.
    assert_eq!(client.fetch(&uuid), [b"Hello world"]);
    for _ in 0..2 {
        assert_eq!(client.call("titanic.close", &[&uuid]), ("200".to_owned(), vec![]));
        assert_eq!(client.call("titanic.reply", &[&uuid]), ("400".to_owned(), vec![]));
    }
    Ok(())
}

#[test]
fn a_request_that_was_closed_is_not_executed() -> Result<()> {
    let site = Site::new();
    let (_broker, _titanic) = (site.broker(), site.titanic());
    let mut client = site.client()?;
    let (closed, kept) = (client.leave(b"closed"), client.leave(b"kept"));
    assert_eq!(client.call("titanic.close", &[&closed]).0, "200");
    let _worker = site.worker();
    assert_eq!(client.fetch(&kept), [b"kept"]);
    assert_eq!(client.call("titanic.reply", &[&closed]).0, "400");
    let is_there = |uuid: &[u8], end: &str| site.store().join(text(uuid) + end).exists();
    assert!(is_there(&kept, ".req") && is_there(&kept, ".rep"));
    assert!(!is_there(&closed, ".req") && !is_there(&closed, ".rep"));
    Ok(())
}

#[test]
fn a_body_of_any_frames_comes_back_as_it_was() -> Result<()> {
    let site = Site::new();
    let (_broker, _titanic, _worker) = (site.broker(), site.titanic(), site.worker());
    let mut client = site.client()?;
    let body: &[&[u8]] = &[b"", b"\0\xFF", &[7; 100_000], b""];
    let (status, rest) = client.call("titanic.request", &[&[&b"echo"[..]], body].concat());
    assert_eq!((status.as_str(), rest.len()), ("200", 1));
    assert_eq!(client.fetch(&rest[0]), body);
    Ok(())
}

#[test]
fn what_is_no_uuid_names_no_file() -> Result<()> {
    let site = Site::new();
    let (_broker, _titanic) = (site.broker(), site.titanic());
    let mut client = site.client()?;
    // The store's neighbours, which a path would lead to.
    let outside = site.store().with_file_name("secret.rep");
    let (store, inside) = (site.store(), site.store().join("secret.rep"));
    client.leave(b"that the store is there");
    std::fs::write(&outside, b"")?;
    std::fs::write(&inside, b"")?;
    let absolute = outside.with_extension("").display().to_string();
    for name in ["../secret", "secret", "./secret", &absolute, "", "queue", "../store/secret"] {
        assert_eq!(client.call("titanic.reply", &[name.as_bytes()]).0, "400", "{name}");
        assert_eq!(client.call("titanic.close", &[name.as_bytes()]).0, "200", "{name}");
    }
    for name in [&[0xFF; 32][..], &[b'/'; 32], &[b'.'; 32], &[0; 32], &[b'A'; 33], &[b'G'; 32]] {
        assert_eq!(client.call("titanic.reply", &[name]).0, "400", "{name:?}");
        assert_eq!(client.call("titanic.close", &[name]).0, "200", "{name:?}");
    }
    assert!(outside.exists() && inside.exists() && store.join("queue").exists());
    Ok(())
}

#[test]
fn a_request_without_a_service_or_a_body_is_refused() -> Result<()> {
    let site = Site::new();
    let (_broker, _titanic) = (site.broker(), site.titanic());
    let mut client = site.client()?;
    for request in [&[&b"echo"[..]][..], &[b""], &[b"", b"body"], &[b"\xFF", b"body"], &[]] {
        let answer = client.call("titanic.request", request);
        assert_eq!(answer, ("400".to_owned(), vec![]), "{request:?}");
    }
    Ok(())
}

#[test]
fn a_request_that_cannot_be_stored_is_an_error_of_the_server_which_goes_on() -> Result<()> {
    let site = Site::new();
    let (_broker, _titanic, _worker) = (site.broker(), site.titanic(), site.worker());
    let mut client = site.client()?;
    client.leave(b"before");
    // All at once, as Titanic may be writing there.
    std::fs::rename(site.store(), site.store().with_file_name("elsewhere"))?;
    let answer = client.call("titanic.request", &[b"echo", b"meanwhile"]);
    assert_eq!(answer, ("500".to_owned(), vec![]));
    std::fs::create_dir(site.store())?;
    let uuid = client.leave(b"after");
    assert_eq!(client.fetch(&uuid), [b"after"]);
    Ok(())
}

#[test]
fn two_do_not_share_a_folder() -> Result<()> {
    let site = Site::new();
    let (_broker, _titanic) = (site.broker(), site.titanic());
    site.client()?.leave(b"that the first one is there");
    let store = site.store().display().to_string();
    let mut command = crate::common::program(env!("CARGO_BIN_EXE_titanic"));
    let second = command.args(["--broker", &site.endpoint(), "--folder", &store]).spawn()?;
    let ended = crate::common::ended(second, crate::common::WATCHDOG);
    assert!(!ended.status.success());
    assert!(ended.stderr.contains("another process has it open"), "{ended:#?}");
    Ok(())
}
