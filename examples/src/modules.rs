//! The programs as modules of this one: their names, and their main functions.

use std::process::ExitCode;

use guide::stdin;
use zmqx::Result;

use crate::{chapter1, chapter2, chapter3, chapter4, security};

/// Runs one of the programs, whose arguments follow its name on the command line, until it ends or the runner does.
pub(crate) fn run(name: &str) -> ExitCode {
    let Some((name, main)) = MODULES.iter().find(|(module, _)| *module == name) else {
        eprintln!("Error: no program {name}");
        return ExitCode::from(2);
    };
    stdin::end_with();
    guide::enter(name);
    match main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

type Main = fn() -> Result<()>;

const MODULES: &[(&str, Main)] = &[
    ("hwserver", chapter1::hwserver::main),
    ("hwclient", chapter1::hwclient::main),
    ("version", chapter1::version::main),
    ("wuserver", chapter1::wuserver::main),
    ("wuclient", chapter1::wuclient::main),
    ("taskvent", chapter1::taskvent::main),
    ("taskwork", chapter1::taskwork::main),
    ("tasksink", chapter1::tasksink::main),
    ("msreader", chapter2::msreader::main),
    ("mspoller", chapter2::mspoller::main),
    ("rrclient", chapter2::rrclient::main),
    ("rrworker", chapter2::rrworker::main),
    ("rrbroker", chapter2::rrbroker::main),
    ("msgqueue", chapter2::msgqueue::main),
    ("wuproxy", chapter2::wuproxy::main),
    ("taskwork2", chapter2::taskwork2::main),
    ("tasksink2", chapter2::tasksink2::main),
    ("interrupt", chapter2::interrupt::main),
    ("mtserver", chapter2::mtserver::main),
    ("mtrelay", chapter2::mtrelay::main),
    ("syncpub", chapter2::syncpub::main),
    ("syncsub", chapter2::syncsub::main),
    ("psenvpub", chapter2::psenvpub::main),
    ("psenvsub", chapter2::psenvsub::main),
    ("identity", chapter3::identity::main),
    ("rtreq", chapter3::rtreq::main),
    ("rtdealer", chapter3::rtdealer::main),
    ("lbbroker", chapter3::lbbroker::main),
    ("lbbroker2", chapter3::lbbroker2::main),
    ("lbbroker3", chapter3::lbbroker3::main),
    ("asyncsrv", chapter3::asyncsrv::main),
    ("peering1", chapter3::peering1::main),
    ("peering2", chapter3::peering2::main),
    ("peering3", chapter3::peering3::main),
    ("lpclient", chapter4::lpclient::main),
    ("lpserver", chapter4::lpserver::main),
    ("spqueue", chapter4::spqueue::main),
    ("spworker", chapter4::spworker::main),
    ("ppqueue", chapter4::ppqueue::main),
    ("ppworker", chapter4::ppworker::main),
    ("mdclient", chapter4::mdclient::main),
    ("mdworker", chapter4::mdworker::main),
    ("mdbroker", chapter4::mdbroker::main),
    ("tripping", chapter4::tripping::main),
    ("mdclient2", chapter4::mdclient2::main),
    ("mmiecho", chapter4::mmiecho::main),
    ("ticlient", chapter4::ticlient::main),
    ("titanic", chapter4::titanic::main),
    ("bstarsrv", chapter4::bstarsrv::main),
    ("bstarcli", chapter4::bstarcli::main),
    ("bstarsrv2", chapter4::bstarsrv2::main),
    ("flserver1", chapter4::flserver1::main),
    ("flclient1", chapter4::flclient1::main),
    ("flserver2", chapter4::flserver2::main),
    ("flclient2", chapter4::flclient2::main),
    ("flserver3", chapter4::flserver3::main),
    ("flclient3", chapter4::flclient3::main),
    ("grasslands", security::grasslands::main),
    ("strawhouse", security::strawhouse::main),
    ("woodhouse", security::woodhouse::main),
    ("stonehouse", security::stonehouse::main),
    ("ironhouse", security::ironhouse::main),
];

#[cfg(test)]
mod tests {
    use guide::{programs, scenarios};

    use super::MODULES;

    #[test]
    fn every_program_is_a_module_and_has_a_scenario() {
        let names: Vec<_> = programs::PROGRAMS.iter().map(|program| program.name).collect();
        assert_eq!(names, MODULES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        for name in names {
            assert!(scenarios::find(name).is_some(), "{name} has no scenario");
        }
    }
}
