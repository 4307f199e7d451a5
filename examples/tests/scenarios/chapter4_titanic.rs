//! Chapter 4: Titanic.

use crate::common::{WATCHDOG, ended, folder, guide, scenario};

#[test]
fn ticlient_gets_its_reply_from_titanic() {
    let ended = scenario("titanic");
    let uuid = ended.lines("ticlient")[0].strip_prefix("I: request UUID [032] ").map(str::to_owned);
    let processing = format!("I: processing request {}", uuid.expect("a UUID"));
    assert!(ended.lines("titanic").contains(&processing.as_str()), "{ended:#?}");
}

#[test]
fn titanics_files_are_where_the_endpoints_are() {
    let folder = folder();
    let mut command = guide();
    command.args(["titanic", "--quick", "--ipc"]).arg(folder.path());
    let ended = ended(command.spawn().unwrap(), WATCHDOG);
    assert!(ended.status.success(), "{ended:#?}");
    let queue = std::fs::read_to_string(folder.path().join(".titanic/queue")).unwrap();
    assert!(queue.starts_with('+') && queue.len() == 34, "{queue}");
}
