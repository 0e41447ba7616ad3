//! What the doors of remote administration answer: SSH, telnet, FTP, VNC, RDP and SMB.

use auscult_wire::ssh::{self, HostKey, Identification, KexInit, KexReply, MAX_GREETING, Packet};

use auscult_wire::ftp::Reply;
use auscult_wire::rdp::Confirm;
use auscult_wire::rfb::{self, VERSION_LENGTH, Version};
use auscult_wire::smb;
use auscult_wire::telnet::{Stream, last_line};

use crate::{assert_tame, piece};

/// A greeting of SSH and the packets behind it.
pub fn ssh(bytes: &[u8]) {
    let mut rest = bytes;
    if let Ok(Some((greeting, used))) = Identification::read(bytes) {
        assert!(used <= bytes.len().min(MAX_GREETING) && greeting.line.len() <= used);
        assert_tame(&greeting.protocol, 16);
        assert_tame(&greeting.software, 120);
        rest = &bytes[used..];
        for cut in 0..used.min(64) {
            // Until its line is whole nothing is taken for it.
            let early = Identification::read(&bytes[..used - cut - 1]);
            assert!(!matches!(early, Ok(Some((_, n))) if n >= used));
        }
    }
    while let Ok(Some(Packet { payload, used })) = Packet::read(rest) {
        assert!(payload.len() + 5 <= used && used <= rest.len());
        let again = ssh::seal(payload, 8, 0);
        assert_eq!(Packet::read(&again).expect("it was just sealed").map(|p| p.payload), Some(payload));
        message(payload);
        rest = &rest[used..];
    }
    message(bytes);
}

fn message(payload: &[u8]) {
    if let Ok(lists) = KexInit::read(payload) {
        assert_eq!(KexInit::read(&lists.write()).as_ref(), Ok(&lists), "there and back");
        lists.key_exchange.iter().chain(&lists.host_key).for_each(|name| assert_tame(name, 96));
    }
    if let Ok(reply) = KexReply::read(payload) {
        assert_eq!(KexReply::read(&reply.write()).as_ref(), Ok(&reply), "there and back");
        key(&reply.host_key);
    }
    let _ = ssh::login_answer(payload);
    key(payload);
}

fn key(blob: &[u8]) {
    if let Ok(key) = HostKey::read(blob) {
        assert_tame(&key.kind, 64);
        assert!(key.bits.is_none_or(|bits| bits as usize <= (blob.len() * 8).max(521)));
    }
}

/// What a telnet server sends; whole and in pieces it must say the same.
pub fn telnet(bytes: &[u8]) {
    let (mut whole, mut pieces) = (Stream::default(), Stream::default());
    let at_once = whole.push(bytes);
    let in_pieces: Vec<u8> = bytes.chunks(piece(bytes)).flat_map(|piece| pieces.push(piece)).collect();
    assert_eq!((&at_once, &whole), (&in_pieces, &pieces));
    assert!(at_once.len() <= 192 && whole.text().len() <= bytes.len());
    assert_tame(&last_line(whole.text()), 200);
    // What refuses is no offer, so that two such clients come to an end.
    assert!(Stream::default().push(&at_once).is_empty());
}

/// Answers of an FTP server.
pub fn ftp(bytes: &[u8]) {
    let mut rest = bytes;
    while let Ok(Some(reply)) = Reply::read(rest) {
        assert!((100..660).contains(&reply.code) && reply.used >= 4 && reply.text.len() == reply.used);
        let again = Reply::read(reply.text);
        assert_eq!(again, Ok(Some(reply)), "it needs nothing of what comes after");
        rest = &rest[reply.used..];
    }
}

/// Version, security types and VeNCrypt of a VNC server.
pub fn rfb(bytes: &[u8]) {
    if let Ok(Some(version)) = Version::read(bytes) {
        assert!(bytes.len() >= VERSION_LENGTH);
        assert!(Version::read(version.answer()).is_ok_and(|ours| ours.is_some_and(|ours| ours.major == 3)));
        types(&bytes[VERSION_LENGTH..], version);
    }
    types(bytes, Version { major: 3, minor: 8 });
    types(bytes, Version { major: 3, minor: 3 });
    let _ = rfb::vencrypt_version(bytes);
    if let Ok(Some(subtypes)) = rfb::vencrypt_subtypes(bytes) {
        assert!(!subtypes.is_empty() && 2 + subtypes.len() * 4 <= bytes.len());
    }
}

fn types(bytes: &[u8], version: Version) {
    if let Ok(Some((types, used))) = rfb::security(bytes, version) {
        assert!(!types.is_empty() && used <= bytes.len() && types.len() <= used);
    }
}

/// A connection confirm of RDP.
pub fn rdp(bytes: &[u8]) {
    if let Ok(Some(confirm)) = Confirm::read(bytes) {
        assert_eq!(Confirm::read(&confirm.write()), Ok(Some(confirm)), "there and back");
    }
}

/// The answer to a negotiation of SMB.
pub fn smb(bytes: &[u8]) {
    let seen = smb::Answer::read(bytes);
    if let Ok(Some(seen)) = seen {
        // What comes behind the message changes nothing.
        assert_eq!(smb::Answer::read(&[bytes, b"x"].concat()), Ok(Some(seen)));
    }
}
