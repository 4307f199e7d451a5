//! The network interfaces that broadcast, of which a `ZBeacon` uses one.

use std::io;
use std::net::{IpAddr, Ipv4Addr};

use if_addrs::{IfAddr, IfOperStatus};
use zmqx::Result;

/// An interface that broadcasts over IPv4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Interface {
    name: String,
    pub(super) host: Ipv4Addr,
    pub(super) broadcast: Ipv4Addr,
}

/// Finds the interface that is wanted.
pub(super) fn find(wanted: &str) -> Result<Interface> {
    let found = if wanted == "*" {
        let (host, broadcast) = (Ipv4Addr::UNSPECIFIED, Ipv4Addr::BROADCAST);
        Some(Interface { name: wanted.to_owned(), host, broadcast })
    } else {
        choose(wanted, if_addrs::get_if_addrs()?.iter().filter_map(of))
    };
    found.ok_or_else(|| {
        let text = format!("no broadcast interface found, (ZSYS_INTERFACE={wanted})");
        io::Error::new(io::ErrorKind::NotFound, text).into()
    })
}

fn choose(wanted: &str, mut interfaces: impl Iterator<Item = Interface>) -> Option<Interface> {
    let is_loopback = |interface: &Interface| interface.host.is_loopback();
    let address: Option<IpAddr> = wanted.parse().ok();
    match wanted.as_bytes() {
        [] => interfaces.find(|interface| !is_loopback(interface)),
        [digit @ b'0'..=b'9'] => {
            interfaces.filter(|interface| !is_loopback(interface)).nth((digit - b'0').into())
        }
        _ => interfaces.find(|interface| {
            interface.name == wanted || address == Some(IpAddr::V4(interface.host))
        }),
    }
}

/// Of what the system has, one that can broadcast; the loopback counts as one.
fn of(interface: &if_addrs::Interface) -> Option<Interface> {
    let IfAddr::V4(address) = &interface.addr else { return None };
    // Some systems do not say.
    let is_up = !matches!(
        interface.oper_status,
        IfOperStatus::Down | IfOperStatus::NotPresent | IfOperStatus::LowerLayerDown
    );
    let broadcast = match address.broadcast {
        Some(broadcast) if broadcast != address.ip => broadcast,
        None if !address.is_loopback() => return None,
        // It is the last address of the net, as by convention.
        _ => address.ip | !address.netmask,
    };
    let (name, host) = (interface.name.clone(), address.ip);
    (is_up && !interface.is_p2p).then_some(Interface { name, host, broadcast })
}

#[cfg(test)]
mod tests {
    use if_addrs::Ifv4Addr;

    use super::*;

    fn system(name: &str, ip: [u8; 4], broadcast: Option<[u8; 4]>) -> if_addrs::Interface {
        let (netmask, prefixlen) = (Ipv4Addr::new(255, 255, 255, 0), 24);
        let broadcast = broadcast.map(Ipv4Addr::from);
        let address = Ifv4Addr { ip: ip.into(), netmask, prefixlen, broadcast };
        if_addrs::Interface {
            name: name.to_owned(),
            addr: IfAddr::V4(address),
            index: None,
            oper_status: IfOperStatus::Up,
            is_p2p: false,
            #[cfg(windows)]
            adapter_name: String::new(),
        }
    }

    fn machine() -> Vec<if_addrs::Interface> {
        let mut machine = vec![
            system("lo", [127, 0, 0, 1], None),
            system("tun0", [10, 9, 0, 1], None),
            system("down0", [10, 8, 0, 1], Some([10, 8, 0, 255])),
            system("ppp0", [10, 7, 0, 1], Some([10, 7, 0, 255])),
            system("eth0", [192, 0, 2, 2], Some([192, 0, 2, 255])),
            system("eth1", [10, 0, 0, 2], Some([10, 0, 0, 2])),
        ];
        machine[2].oper_status = IfOperStatus::Down;
        machine[3].is_p2p = true;
        machine
    }

    fn chosen(wanted: &str) -> Option<(String, String)> {
        let found = choose(wanted, machine().iter().filter_map(of))?;
        Some((found.name, found.broadcast.to_string()))
    }

    fn is(name: &str, broadcast: &str) -> Option<(String, String)> {
        Some((name.to_owned(), broadcast.to_owned()))
    }

    #[test]
    fn the_first_interface_is_one_that_broadcasts() {
        assert_eq!(chosen(""), is("eth0", "192.0.2.255"));
        assert_eq!(chosen("0"), chosen(""));
        assert_eq!(chosen("1"), is("eth1", "10.0.0.255"));
        assert_eq!(chosen("2"), None);
    }

    #[test]
    fn an_interface_is_chosen_by_its_name_or_address() {
        assert_eq!(chosen("eth1"), is("eth1", "10.0.0.255"));
        assert_eq!(chosen("10.0.0.2"), chosen("eth1"));
        assert_eq!(chosen("lo"), is("lo", "127.0.0.255"));
        assert_eq!(chosen("127.0.0.1"), chosen("lo"));
        for absent in ["eth2", "10.0.0.3", "tun0", "down0", "ppp0", "10"] {
            assert_eq!(chosen(absent), None, "{absent}");
        }
    }

    #[test]
    fn without_an_interface_there_is_an_error_that_names_it() {
        let error = find("no such interface").unwrap_err();
        assert_eq!(error.kind(), zmqx::ErrorKind::NotFound);
        assert!(error.to_string().contains("no such interface"), "{error}");
    }
}
