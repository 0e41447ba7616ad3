//! Modbus TCP: the identification of a device, and one register that is read. Nothing here can write.

use crate::store::Error;

/// Longest unit of data: what the specification allows, with the unit's own number.
const MAX_UNIT: usize = 254;

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// What was asked for.
    Given,
    /// An exception with its code.
    Exception(u8),
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Basic device identification (function 0x2B, MEI 0x0E).
    Identification,
    /// One holding register, the first (function 3).
    Register,
}

impl Question {
    const fn function(self) -> u8 {
        match self {
            Self::Identification => 0x2b,
            Self::Register => 3,
        }
    }
}

/// A question to one unit.
pub fn request(transaction: u16, unit: u8, question: Question) -> Vec<u8> {
    let data: &[u8] = match question {
        Question::Identification => &[0x2b, 0x0e, 1, 0],
        Question::Register => &[3, 0, 0, 0, 1],
    };
    let length = u16::try_from(data.len().saturating_add(1)).unwrap_or(0);
    [&transaction.to_be_bytes()[..], &[0, 0], &length.to_be_bytes(), &[unit], data].concat()
}

/// Reads the answer to a question, and says how many bytes it took.
///
/// # Errors
/// When it answers something else, or is no Modbus.
pub fn reply(bytes: &[u8], transaction: u16, question: Question) -> Result<Option<(Reply, usize)>, Error> {
    let Some((head, rest)) = bytes.split_first_chunk::<6>() else { return Ok(None) };
    let [a, b, 0, 0, c, d] = *head else { return Err(Error::Malformed) };
    let length = usize::from(u16::from_be_bytes([c, d]));
    if u16::from_be_bytes([a, b]) != transaction || !(3..=MAX_UNIT).contains(&length) {
        return Err(Error::Malformed);
    }
    let Some((unit, _)) = rest.split_at_checked(length) else { return Ok(None) };
    let function = question.function();
    let reply = match (question, unit) {
        (_, [_, code, exception]) if *code == function | 0x80 => Reply::Exception(*exception),
        (Question::Identification, [_, 0x2b, 0x0e, _, _, _, _, _, ..]) => Reply::Given,
        (Question::Register, [_, 3, 2, _, _]) => Reply::Given,
        _ => return Err(Error::Malformed),
    };
    Ok(Some((reply, length.saturating_add(6))))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests say what must be there")]

    use super::*;

    #[test]
    fn answers_are_told_apart() {
        let given = [0, 7, 0, 0, 0, 12, 255, 0x2b, 0x0e, 1, 1, 0, 0, 1, 0, 2, b'h', b'i'];
        assert_eq!(reply(&given, 7, Question::Identification).unwrap(), Some((Reply::Given, 18)));
        let refused = [0, 7, 0, 0, 0, 3, 255, 0xab, 1];
        assert_eq!(reply(&refused, 7, Question::Identification).unwrap(), Some((Reply::Exception(1), 9)));
        let register = [0, 8, 0, 0, 0, 5, 1, 3, 2, 0, 42];
        assert_eq!(reply(&register, 8, Question::Register).unwrap(), Some((Reply::Given, 11)));
        for (end, _) in register.iter().enumerate() {
            assert_eq!(reply(register.get(..end).unwrap(), 8, Question::Register).unwrap(), None);
        }
        assert_eq!(reply(&register, 9, Question::Register), Err(Error::Malformed));
        assert_eq!(reply(b"HTTP/1.1", 7, Question::Register), Err(Error::Malformed));
    }

    #[test]
    fn an_echo_is_no_answer() {
        for question in [Question::Identification, Question::Register] {
            let sent = request(7, 255, question);
            assert_eq!(reply(&sent, 7, question), Err(Error::Malformed));
        }
    }
}
