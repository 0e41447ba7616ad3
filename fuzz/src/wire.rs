//! What comes over the wire: TLS, SSL 2, MLLP and DICOM.

use auscult_wire::dicom::{Command, Pdu, Response};
use auscult_wire::mllp::{self, Frames, Message};
use auscult_wire::tls::{
    AfterReader, FlightReader, Said, Ssl2Hello, read_flight, read_offer, read_reply, session_ticket,
};

use crate::piece;

/// A server's first flight; whole and in pieces it must say the same.
pub fn tls_flight(bytes: &[u8]) {
    let mut whole = FlightReader::new();
    let at_once = whole.push(bytes);
    let mut pieces = FlightReader::new();
    let in_pieces = bytes.chunks(piece(bytes)).try_for_each(|piece| pieces.push(piece));
    assert_eq!(at_once, in_pieces);
    assert_eq!(whole.flight(), pieces.flight());

    let flight = whole.flight();
    assert!(!flight.complete || flight.hello.is_some() || flight.ssl2.is_some() || flight.ssl2_refusal);
    let certificates = flight.certificates.as_deref().unwrap_or_default();
    assert!(certificates.iter().map(Vec::len).sum::<usize>() <= bytes.len());
    if at_once.is_ok() {
        assert_eq!(read_flight(bytes).as_ref(), Ok(whole.flight()));
    }
}

/// What a server says after its flight; whole and in pieces it must be the same, and a ticket is a part of it.
pub fn tls_after(bytes: &[u8]) {
    let whole = AfterReader::new().push(bytes);
    let mut reader = AfterReader::new();
    let pieces: Option<Vec<Vec<Said>>> = bytes.chunks(piece(bytes)).map(|piece| reader.push(piece)).collect();
    assert_eq!(whole, pieces.map(|pieces| pieces.concat()));
    assert!(whole.is_none_or(|said| said.len() <= 64 && said.len() * 5 <= bytes.len()));
    assert!(session_ticket(bytes).is_none_or(|ticket| ticket.len() + 15 <= bytes.len()));
}

/// A client's hello, and its answer to a flight; what was read of the beginning stays read.
pub fn tls_offer(bytes: &[u8]) {
    let whole = read_offer(bytes);
    let reply = read_reply(bytes);
    for end in (0..bytes.len()).step_by(piece(bytes)) {
        let beginning = &bytes[..end];
        if let early @ Ok(Some(_)) = read_offer(beginning) {
            assert_eq!(early, whole);
        }
        if let early @ Ok(Some(_)) = read_reply(beginning) {
            assert_eq!(early, reply);
        }
    }
    if let Ok(Some(offer)) = whole {
        let kept =
            offer.alpn.iter().map(Vec::len).sum::<usize>() + 2 * (offer.suites.len() + offer.groups.len());
        assert!(kept <= bytes.len() && offer.session.len() <= 32);
    }
}

/// The body of an SSL 2 message.
pub fn ssl2(body: &[u8]) {
    let body = &body[..body.len().min(0x7fff)];
    let Ok(flight) = read_flight(&ssl2_record(body)) else { return };
    let Some(hello) = flight.ssl2 else {
        assert!(flight.ssl2_refusal || body.is_empty());
        return;
    };
    assert!(hello.certificate.len() + 3 * hello.kinds.len() <= body.len());
    let again = read_flight(&ssl2_record(&ssl2_hello(&hello))).expect("what was read can be written");
    assert_eq!(again.ssl2, Some(hello));
}

fn ssl2_record(body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).expect("it was cut to fit");
    [&(0x8000 | length).to_be_bytes()[..], body].concat()
}

fn ssl2_hello(hello: &Ssl2Hello) -> Vec<u8> {
    let kinds: Vec<u8> = hello.kinds.iter().flat_map(|kind| kind.to_be_bytes().into_iter().skip(1)).collect();
    let mut body = vec![4, 0, 1, 0, 2];
    for length in [hello.certificate.len(), kinds.len(), 0] {
        body.extend(u16::try_from(length).expect("it was read from two bytes").to_be_bytes());
    }
    body.extend(&hello.certificate);
    body.extend(kinds);
    body
}

/// Frames of MLLP, and the messages in them.
pub fn mllp(bytes: &[u8]) {
    let (messages, ended) = frames(&[bytes]);
    let pieces: Vec<&[u8]> = bytes.chunks(piece(bytes)).collect();
    assert_eq!((messages.clone(), ended), frames(&pieces));
    assert!(messages.iter().map(|m| m.len() + 3).sum::<usize>() <= bytes.len());
    for message in &messages {
        let again = Frames::default().take(&mllp::frame(message)).expect("it came out of a frame");
        assert_eq!(again.as_ref(), Some(message));
        segments(message);
    }
    segments(bytes);
}

/// Every message of bytes that come in pieces, and what ended them.
fn frames(pieces: &[&[u8]]) -> (Vec<Vec<u8>>, Option<mllp::Error>) {
    let mut frames = Frames::default();
    let mut messages = Vec::new();
    for piece in pieces {
        let mut fresh = *piece;
        loop {
            match frames.take(fresh) {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => {
                    assert!(!frames.unfinished());
                    return (messages, Some(error));
                }
            }
            fresh = &[];
        }
    }
    (messages, None)
}

fn segments(bytes: &[u8]) {
    let Ok(message) = Message::read(bytes) else { return };
    let mut read = 0;
    for segment in message.segments().take(100) {
        read += segment.name().len() + segment.rest().len();
        for number in 0..4 {
            assert!(segment.component(number, 2).len() <= segment.field(number).len());
        }
    }
    assert!(read <= bytes.len());
    assert!(message.segment("MSH").is_some());
}

/// A data unit of the DICOM upper layer; what was read must go there and back.
pub fn dicom_pdu(bytes: &[u8]) {
    let Ok(Some((unit, used))) = Pdu::read(bytes) else { return };
    assert!(used <= bytes.len());
    assert_eq!(Pdu::read(&bytes[..used]), Ok(Some((unit.clone(), used))));
    let written = unit.write();
    assert_eq!(Pdu::read(&written), Ok(Some((unit, written.len()))));
}

/// A command set in answer; what was read must go there and back.
pub fn dicom_response(bytes: &[u8]) {
    let Ok(response) = Response::read(bytes) else { return };
    let written = Command::default()
        .number(0x0100, response.field)
        .number(0x0120, response.responded_to)
        .number(0x0800, if response.with_data_set { 0 } else { 0x0101 })
        .number(0x0900, response.status)
        .write();
    assert_eq!(Response::read(&written), Ok(response));
}
