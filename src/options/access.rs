//! Setting and getting an option, and the errors that say what was wrong with it.

use crate::error::{Error, ErrorKind, Result};
use crate::options::OptionInfo;
use crate::options::value::{Decode, Encoded, Reader, Reason};
use crate::socket::Core;
use crate::version::{Version, has, version};

/// Sets the option, unless the value could not be encoded.
pub(super) fn set(
    core: &Core,
    option: &OptionInfo,
    value: Result<Encoded<'_>, Reason>,
) -> Result<()> {
    let value = value.map_err(|reason| Error::invalid("set", reason).on(option.name))?;
    let done = retry(|| match value {
        Encoded::Int(number) => core.raw.set_number(option.number, number),
        Encoded::Long(number) => core.raw.set_number(option.number, number),
        Encoded::Unsigned(number) => core.raw.set_number(option.number, number),
        Encoded::Bytes(bytes) | Encoded::Secret(bytes) => core.raw.set(option.number, Some(bytes)),
        Encoded::Null => core.raw.set(option.number, None),
    });
    done.map_err(|error| explain(error, "set", core, option, Some(value)))
}

/// Gets the option, by way of the codec `C`.
pub(super) fn get<V, C: Decode<V>>(core: &Core, option: &OptionInfo) -> Result<V> {
    let reader = Reader { raw: &core.raw, number: option.number };
    C::decode(&reader).map_err(|error| explain(error, "get", core, option, None))
}

/// Repeats what a signal cut short: no option waits for anything.
pub(super) fn retry<T>(mut call: impl FnMut() -> Result<T>) -> Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// Says why libzmq gave EINVAL, and of which option an error is.
fn explain(
    error: Error,
    doing: &'static str,
    core: &Core,
    option: &OptionInfo,
    value: Option<Encoded<'_>>,
) -> Error {
    if error.kind() == ErrorKind::Terminated {
        // It has no place for the name: "set option" is to do.
        return error;
    }
    if error.kind() != ErrorKind::InvalidInput {
        return error.during(doing).on(option.name);
    }
    let runs = version();
    if runs < option.since {
        let reason = match option.since {
            Version { major, minor, patch: 0 } => {
                format!("not known to libzmq {runs} (since {major}.{minor})")
            }
            since => format!("not known to libzmq {runs} (since {since})"),
        };
        return Error::unsupported(doing, reason).on(option.name);
    }
    if let Some(capability) = option.needs.filter(|capability| !has(*capability)) {
        let name = format!("{capability:?}").to_uppercase();
        let reason = format!("this libzmq was built without {name}");
        return Error::unsupported(doing, reason).on(option.name);
    }
    if !option.kinds.contains(&core.kind) {
        let reason = format!("not an option of a {} socket", core.kind);
        return Error::invalid(doing, reason).on(option.name);
    }
    let error = error.during(doing);
    match value {
        None | Some(Encoded::Secret(_)) => error.on(option.name),
        Some(value) => error.on(format!("{} to {value}", option.name)),
    }
}

/// Reads the "4.1" of a row, or the "4.3.4 (draft)".
pub(super) const fn version_of(text: &str) -> Version {
    let text = text.as_bytes();
    assert!(text.len() >= 3 && text[1] == b'.', "a version is of digits and dots");
    let patch = if text.len() >= 5 && text[3] == b'.' { text[4] - b'0' } else { 0 };
    Version { major: (text[0] - b'0') as i32, minor: (text[2] - b'0') as i32, patch: patch as i32 }
}

/// Whether a row's "4.3 (draft)" says so.
pub(super) const fn is_draft(since: &str) -> bool {
    let since = since.as_bytes();
    since[since.len() - 1] == b')'
}
