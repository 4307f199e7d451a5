//! Endpoints that leave the choice of the port to CZMQ.

use std::ops::RangeInclusive;

use zmqx::{Error, ErrorKind, Kind, Result, Socket};

use crate::randof;

/// The ports that nobody is given for good.
const DYNAMIC: RangeInclusive<u16> = 0xC000..=0xFFFF;

/// An endpoint with `*` or `!`, and perhaps a range, for its port.
#[derive(Debug)]
pub(crate) struct Dynamic<'a> {
    /// What is before the port, with the colon.
    pub(crate) address: &'a str,
    is_random: bool,
    pub(crate) ports: RangeInclusive<u16>,
}

impl<'a> Dynamic<'a> {
    /// Takes an endpoint apart; `None` where it is not of that form.
    pub(crate) fn of(endpoint: &'a str) -> Result<Option<Self>> {
        if !endpoint.starts_with("tcp://") {
            return Ok(None);
        }
        let (rest, ports) = match endpoint.strip_suffix(']').and_then(|text| text.rsplit_once('['))
        {
            Some((rest, range)) if rest.ends_with([':', '*', '!']) => (rest, Some(range)),
            _ => (endpoint, None),
        };
        let (address, is_random) = match (rest.strip_suffix('*'), rest.strip_suffix('!')) {
            (Some(address), _) => (address, false),
            (_, Some(address)) => (address, true),
            _ => return Ok(None),
        };
        if !address.ends_with(':') {
            return Ok(None);
        }
        let ports = ports.map_or(Some(DYNAMIC), range_of).ok_or_else(|| {
            Error::invalid("bind", format!("the ports of {endpoint:?} are no range"))
        })?;
        Ok(Some(Self { address, is_random, ports }))
    }

    /// Binds to the first port that is free.
    pub(super) fn bind<K: Kind>(&self, socket: &Socket<K>) -> Result<u16> {
        let (first, last) = (*self.ports.start(), *self.ports.end());
        let start = if self.is_random { first + randof(last - first) } else { first };
        let mut failure = None;
        for port in (start..=last).chain(first..start) {
            match socket.bind(format!("{}{port}", self.address)) {
                Ok(_) => return Ok(port),
                // Taken, or kept by the system for itself.
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::AddrInUse | ErrorKind::PermissionDenied
                    ) =>
                {
                    failure = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(failure.unwrap_or_else(|| Error::invalid("bind", "a range of no ports")))
    }
}

/// The range of a text as "50000-50999", of which either number may be missing.
fn range_of(text: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.split_once('-')?;
    let number = |text: &str, default: u16| match text {
        "" => Some(default),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
        _ => None,
    };
    let range = number(first, *DYNAMIC.start())?..=number(last, *DYNAMIC.end())?;
    (*range.start() > 0 && !range.is_empty()).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(endpoint: &str) -> Option<(&str, bool, RangeInclusive<u16>)> {
        Dynamic::of(endpoint).unwrap().map(|found| (found.address, found.is_random, found.ports))
    }

    #[test]
    fn a_star_or_a_bang_with_or_without_a_range_is_dynamic() {
        assert_eq!(of("tcp://*:*"), Some(("tcp://*:", false, DYNAMIC)));
        assert_eq!(of("tcp://*:!"), Some(("tcp://*:", true, DYNAMIC)));
        assert_eq!(of("tcp://[::1]:*"), Some(("tcp://[::1]:", false, DYNAMIC)));
        assert_eq!(of("tcp://lo:*[60000-]"), Some(("tcp://lo:", false, 60000..=65535)));
        assert_eq!(of("tcp://*:![-50000]"), Some(("tcp://*:", true, 49152..=50000)));
        assert_eq!(of("tcp://[::]:*[7-9]"), Some(("tcp://[::]:", false, 7..=9)));
    }

    #[test]
    fn other_endpoints_are_left_to_libzmq() {
        for endpoint in ["tcp://*:5555", "tcp://*", "ipc://*", "inproc://a:*", "tcp://[::1]", ""] {
            assert_eq!(of(endpoint), None, "{endpoint}");
        }
    }

    #[test]
    fn a_range_of_no_ports_is_refused() {
        for range in ["[]", "[9-7]", "[0-9]", "[a-b]", "[1-99999]", "[7]", "[+7-9]"] {
            let error = Dynamic::of(&format!("tcp://*:*{range}")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{range}");
        }
    }
}
