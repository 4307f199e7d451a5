//! Endpoints: one that is taken is kept as it is, and its parts make it up; CZMQ's dynamic ports are a range in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zmqx::{Endpoint, ErrorKind};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match text.parse::<Endpoint>() {
        Ok(endpoint) => {
            assert_eq!(endpoint.as_str(), text);
            assert_eq!(format!("{}://{}", endpoint.transport(), endpoint.address()), text);
            assert!(!endpoint.transport().is_empty() && !endpoint.address().is_empty());
            // As libzmq reads it, to the NUL.
            assert!(!text.contains('\0'));
            if let Some(port) = endpoint.port() {
                let mut ports = text.split(['/', ':']).filter_map(|part| part.parse::<u16>().ok());
                assert!(ports.any(|found| found == port), "{port}");
            }
        }
        Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidInput),
    }
    match czmq_like::fuzzing::dynamic_ports(text) {
        Ok(Some((address, ports))) => {
            assert!(text.starts_with(address) && address.starts_with("tcp://"));
            assert!(address.ends_with(':') && *ports.start() > 0 && !ports.is_empty());
        }
        Ok(None) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidInput),
    }
});
