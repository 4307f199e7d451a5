//! The parsers behind the API, for the fuzz targets in the repository's `fuzz/`. There only with `--cfg fuzzing`.

use std::ops::RangeInclusive;

use crate::Result;
use crate::zsocket::ports::Dynamic;

/// Takes an endpoint with a dynamic port apart: what is before the port, and the ports to choose from.
pub fn dynamic_ports(endpoint: &str) -> Result<Option<(&str, RangeInclusive<u16>)>> {
    Ok(Dynamic::of(endpoint)?.map(|dynamic| (dynamic.address, dynamic.ports)))
}
