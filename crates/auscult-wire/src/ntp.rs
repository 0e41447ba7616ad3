//! NTP: the question of a client (RFC 5905), and the two older ways to ask a server about itself (modes 6 and 7).

/// Length of the header.
const HEADER: usize = 48;

/// A client's question with that transmit timestamp, which a server gives back: 48 bytes.
pub fn client(stamp: u64) -> Vec<u8> {
    // No leap warning, version 4, mode 3.
    let mut out = vec![0; HEADER.saturating_sub(8)];
    if let Some(first) = out.first_mut() {
        *first = 0x23;
    }
    out.extend(stamp.to_be_bytes());
    out
}

/// The control message "read variables" of the whole system (RFC 9327, mode 6): 12 bytes.
pub fn read_variables(sequence: u16) -> Vec<u8> {
    // Version 2, mode 6; operation 2.
    let mut out = vec![0x16, 0x02];
    out.extend(sequence.to_be_bytes());
    out.extend([0; 8]);
    out
}

/// The private message that asks for the list of recent clients (mode 7, "monlist" of ntpd): 8 bytes.
///
/// Version 2, implementation 3, request 42.
pub const MONITOR_LIST: [u8; 8] = [0x17, 0x00, 0x03, 0x2a, 0, 0, 0, 0];

/// A server's answer to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// How far it is from a clock; 0 with a "kiss" code, 16 for a clock that is not set.
    pub stratum: u8,
    /// The stamp of the question.
    pub origin: u64,
}

/// Reads a server's answer to a client; `None` for anything else.
pub fn time(bytes: &[u8]) -> Option<Time> {
    let [first, stratum, ..] = bytes else { return None };
    let version = (first >> 3) & 7;
    if first & 7 != 4 || !(1..=4).contains(&version) || bytes.len() < HEADER {
        return None;
    }
    let origin = bytes.get(24..32)?.try_into().ok()?;
    Some(Time { stratum: *stratum, origin: u64::from_be_bytes(origin) })
}

/// Reads an answer of mode 6 to a question with that number: the error code, 0 for none.
pub fn control(bytes: &[u8], sequence: u16) -> Option<u8> {
    let [first, operation, high, low, status, ..] = bytes else { return None };
    let answers = first & 7 == 6 && operation & 0x9f == 0x82 && bytes.len() >= 12;
    if !answers || u16::from_be_bytes([*high, *low]) != sequence {
        return None;
    }
    // The bit says that it is an error, and the code of it stands where the status did.
    Some(if operation & 0x40 != 0 { *status } else { 0 })
}

/// Reads an answer of mode 7: the error code, 0 for none.
pub fn private(bytes: &[u8]) -> Option<u8> {
    let [first, _, _, _, error, ..] = bytes else { return None };
    (first & 0x87 == 0x87 && bytes.len() >= 8).then_some(error >> 4)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn an_answer_gives_back_the_stamp() {
        let mut answer = vec![0u8; 48];
        answer[0] = 0x24;
        answer[1] = 2;
        answer[24..32].copy_from_slice(&9u64.to_be_bytes());
        assert_eq!(time(&answer), Some(Time { stratum: 2, origin: 9 }));
        assert_eq!(time(&client(9)), None);
        assert_eq!(time(&answer[..47]), None);
        assert_eq!(client(9)[40..], 9u64.to_be_bytes());
    }

    #[test]
    fn answers_about_the_server_are_told_from_questions() {
        assert_eq!(control(&read_variables(1), 1), None);
        let mut answer = read_variables(1);
        answer[1] = 0x82;
        assert_eq!(control(&answer, 1), Some(0));
        assert_eq!(control(&answer, 2), None);
        answer[1] = 0xc2;
        answer[4] = 1;
        assert_eq!(control(&answer, 1), Some(1));
        assert_eq!(private(&MONITOR_LIST), None);
        assert_eq!(private(&[0x97, 0, 3, 42, 0x40, 0, 0, 0]), Some(4));
        assert_eq!(private(&[0xd7, 0, 3, 42, 0, 6, 0, 72]), Some(0));
    }
}
