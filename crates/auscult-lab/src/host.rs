//! The machine below the world: its own servers answer at every loopback address, and are no part of it.

use std::collections::BTreeSet;
use std::fs;

/// State of a listening socket in `/proc/net/tcp`.
const LISTENING: &str = "0A";

/// TCP ports on which this machine listens at all addresses; none where the system does not tell.
pub(crate) fn ports() -> BTreeSet<u16> {
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| listening_everywhere(&table))
        .collect()
}

/// Ports of the sockets of a table that listen at the address of zeros.
fn listening_everywhere(table: &str) -> Vec<u16> {
    let of_line = |line: &str| {
        let mut fields = line.split_whitespace().skip(1);
        let (address, port) = fields.next()?.split_once(':')?;
        let everywhere = fields.nth(1)? == LISTENING && address.bytes().all(|b| b == b'0');
        if everywhere { u16::from_str_radix(port, 16).ok() } else { None }
    };
    table.lines().filter_map(of_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listeners_at_all_addresses_count() {
        let table = "  sl  local_address rem_address   st\n\
                     0: 00000000:07E8 00000000:0000 0A 0 0\n\
                     1: 0100007F:1F90 00000000:0000 0A 0 0\n\
                     2: 00000000:0016 0100007F:9999 01 0 0\n\
                     3: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A\n";
        assert_eq!(listening_everywhere(table), [2024, 22]);
    }
}
