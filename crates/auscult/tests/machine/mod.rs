//! What the machine below the simulated nodes has of its own.

use std::fs;
use std::path::Path;

/// TCP ports on which this machine listens at all addresses: they answer at every twin's address.
pub(crate) fn ports_of_the_machine() -> Vec<u16> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(Path::new);
    let lines = tables.iter().filter_map(|table| fs::read_to_string(table).ok());
    let listening = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (address, port) = fields.get(1)?.split_once(':')?;
        let everywhere = *fields.get(3)? == "0A" && address.bytes().all(|b| b == b'0');
        everywhere.then(|| u16::from_str_radix(port, 16).ok())?
    };
    lines.flat_map(|table| table.lines().filter_map(listening).collect::<Vec<_>>()).collect()
}
