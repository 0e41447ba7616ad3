//! Telnet as a client that wants no options: text out of the stream, and refusals to everything that is offered (RFC 854).

/// IAC, interpret as command.
const IAC: u8 = 255;
const DONT: u8 = 254;
const DO: u8 = 253;
const WONT: u8 = 252;
const WILL: u8 = 251;
/// Subnegotiation begins.
const SB: u8 = 250;
/// Subnegotiation ends.
const SE: u8 = 240;

/// Most options that are answered; a server that goes on has gone mad.
const MAX_ANSWERS: usize = 64;

/// Most bytes of text that are kept.
const MAX_TEXT: usize = 8 << 10;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Data,
    Command,
    Option(u8),
    Inside,
    InsideCommand,
}

/// Reads what a server sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    state: State,
    answered: Vec<(u8, u8)>,
    text: Vec<u8>,
    negotiates: bool,
}

impl Stream {
    /// Takes bytes in; gives back what has to be answered.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut answer = Vec::new();
        for byte in bytes {
            self.state = match (self.state, *byte) {
                (State::Data, IAC) => State::Command,
                (State::Data, byte) => {
                    self.keep(byte);
                    State::Data
                }
                (State::Command, IAC) => {
                    self.keep(IAC);
                    State::Data
                }
                (State::Command, SB) => {
                    self.negotiates = true;
                    State::Inside
                }
                (State::Command, verb @ WILL..=DONT) => {
                    self.negotiates = true;
                    State::Option(verb)
                }
                (State::Command, _) => State::Data,
                (State::Option(verb), option) => {
                    self.refuse(verb, option, &mut answer);
                    State::Data
                }
                (State::Inside, IAC) => State::InsideCommand,
                (State::Inside, _) => State::Inside,
                (State::InsideCommand, SE) => State::Data,
                (State::InsideCommand, _) => State::Inside,
            };
        }
        answer
    }

    /// Each offer and each demand is refused once; that is how neither side goes on for ever.
    fn refuse(&mut self, verb: u8, option: u8, answer: &mut Vec<u8>) {
        let refusal = match verb {
            DO => WONT,
            WILL => DONT,
            _ => return,
        };
        if self.answered.len() < MAX_ANSWERS && !self.answered.contains(&(verb, option)) {
            self.answered.push((verb, option));
            answer.extend([IAC, refusal, option]);
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.text.len() < MAX_TEXT {
            self.text.push(byte);
        }
    }

    /// The text so far, without commands; bounded.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether so much text came that no more is kept.
    pub fn full(&self) -> bool {
        self.text.len() >= MAX_TEXT
    }

    /// Forgets the text so far.
    pub fn forget(&mut self) {
        self.text.clear();
    }

    /// Whether any option was negotiated.
    pub fn negotiates(&self) -> bool {
        self.negotiates
    }
}

/// The last line of a text, lower case, without control characters and blanks at its ends; at most 200 characters.
pub fn last_line(text: &[u8]) -> String {
    let text = without_escapes(text);
    let lines = text.split(|b| matches!(b, b'\n' | b'\r' | 0));
    let shown = |line: &[u8]| {
        let chars =
            line.iter().map(|b| if b.is_ascii_graphic() { char::from(b.to_ascii_lowercase()) } else { ' ' });
        chars.collect::<String>().trim().to_owned()
    };
    let last = lines.map(shown).rfind(|line| !line.is_empty()).unwrap_or_default();
    let skip = last.chars().count().saturating_sub(200);
    last.chars().skip(skip).collect()
}

/// Text without the sequences by which a terminal is coloured (ECMA-48: ESC [ … letter).
fn without_escapes(text: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != 0x1b {
            kept.push(*byte);
        } else if let Some(sequence) = after.strip_prefix(b"[") {
            let end = sequence.iter().position(|b| (0x40..=0x7e).contains(b));
            rest = end.and_then(|n| sequence.get(n.saturating_add(1)..)).unwrap_or_default();
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_refused_once_and_text_is_kept() {
        let mut stream = Stream::default();
        let answer =
            stream.push(&[IAC, WILL, 1, IAC, DO, 24, b'h', b'i', IAC, IAC, IAC, WILL, 1, IAC, WONT, 3]);
        assert_eq!(answer, [IAC, DONT, 1, IAC, WONT, 24]);
        assert_eq!(stream.text(), [b'h', b'i', IAC]);
        assert!(stream.negotiates());
    }

    #[test]
    fn subnegotiations_are_passed_over_in_pieces_too() {
        let bytes = [b'a', IAC, SB, 24, 1, IAC, IAC, 7, IAC, SE, b'b'];
        let mut stream = Stream::default();
        bytes.chunks(1).for_each(|byte| assert!(stream.push(byte).is_empty()));
        assert_eq!(stream.text(), b"ab");
    }

    #[test]
    fn nothing_grows_without_end() {
        let mut stream = Stream::default();
        let offers: Vec<u8> = (0..=255).flat_map(|option| [IAC, DO, option, IAC, WILL, option]).collect();
        assert_eq!(stream.push(&offers).len(), 3 * MAX_ANSWERS);
        stream.push(&vec![b'x'; 1 << 20]);
        assert!(stream.full() && stream.text().len() == MAX_TEXT);
    }

    #[test]
    fn last_lines_are_plain() {
        assert_eq!(last_line(b"Welcome\r\n\r\nPump LOGIN: "), "pump login:");
        assert_eq!(last_line(b"\x1b[1;32mroot@pump\x1b[0m:~# "), "root@pump:~#");
        assert_eq!(last_line(b"\x1b["), "");
        assert_eq!(last_line(&[b'x'; 900]).len(), 200);
    }
}
