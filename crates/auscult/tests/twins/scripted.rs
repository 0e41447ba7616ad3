//! Servers of TLS and SSH as no library offers them any more, as far as a stranger sees them: the first answers of both.
//! And one that answers at a port of CoAP that nobody declares, at which a program of Debian would need a whole network.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::thread;

use crate::assess::{Must, Twin};
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 3] = [
    Twin {
        name: "tls-careless",
        address: [127, 95, 220, 1],
        everywhere: &[],
        start: tls,
        scenario: r#"
[gateway.hub]
class = "II"
address = "{address}"
services = [{ name = "web", port = 17960, protocol = "http", tls = true }]
"#,
        must: Must::Fail(&[
            ("TLS-02", "hub/web", "tls-obsolete-version"),
            ("TLS-02", "hub/web", "tls-newest-not-chosen"),
            // Of the versions before TLS 1.2 no suite has authenticated encryption.
            ("TLS-03", "hub/web", "tls-dated-suite"),
            ("TLS-04", "hub/web", "tls-compression"),
            ("TLS-04", "hub/web", "tls-downgrade-unnoticed"),
            ("TLS-04", "hub/web", "tls-insecure-renegotiation"),
        ]),
    },
    Twin {
        name: "ssh-careless",
        address: [127, 95, 220, 2],
        everywhere: &[],
        start: ssh,
        scenario: r#"
[gateway.hub]
class = "II"
address = "{address}"
services = [{ name = "shell", port = 17961, protocol = "ssh" }]
"#,
        must: Must::Fail(&[
            ("SRV-07", "hub/shell", "ssh-old-protocol"),
            ("SRV-07", "hub/shell", "ssh-prefix-truncation"),
        ]),
    },
    Twin {
        name: "coap-undeclared",
        address: [127, 175, 2, 1],
        everywhere: &[],
        start: coap,
        scenario: r#"
[gateway.hub]
class = "II"
address = "{address}"
"#,
        must: Must::Fail(&[("SRV-01", "hub", "service-undeclared-udp")]),
    },
];

/// Serves a port of the twin from a thread that ends with the test.
fn serve(ground: &Ground, port: u16, meet: fn(TcpStream) -> std::io::Result<()>) -> Vec<Running> {
    let listener = TcpListener::bind((ground.address, port)).expect("a port");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || meet(stream));
        }
    });
    Vec::new()
}

fn tls(ground: &Ground) -> Vec<Running> {
    serve(ground, 17960, |mut stream| {
        let mut hello = vec![0; 16 << 10];
        let length = stream.read(&mut hello)?;
        hello.truncate(length);
        let answer = hello_of(&hello).unwrap_or_else(|| vec![21, 3, 1, 0, 2, 2, 40]);
        stream.write_all(&answer)?;
        // What comes after that it does not understand.
        while stream.read(&mut [0; 4096])? > 0 {}
        Ok(())
    })
}

/// A server hello for whatever is asked: the older version where there is a choice, compression where it is offered,
/// and no word of renegotiation.
fn hello_of(hello: &[u8]) -> Option<Vec<u8>> {
    if hello.first() != Some(&22) || hello.get(5) != Some(&1) {
        return None;
    }
    let version = u16::from_be_bytes([*hello.get(9)?, *hello.get(10)?]);
    let suites_at = 44 + usize::from(*hello.get(43)?);
    let length = usize::from(u16::from_be_bytes([*hello.get(suites_at)?, *hello.get(suites_at + 1)?]));
    let suites = hello.get(suites_at + 2..suites_at + 2 + length)?;
    let methods_at = suites_at + 2 + length;
    let count = usize::from(*hello.get(methods_at)?);
    let deflates = hello.get(methods_at + 1..methods_at + 1 + count)?.contains(&1);
    let has = |suite: u16| suites.chunks_exact(2).any(|s| s == suite.to_be_bytes());
    let of_13 = !has(0xc02f) && !has(0xc013) && !has(0x002f) && has(0x1301);
    let (suite, extensions): (u16, &[u8]) = match version {
        0x0303 if of_13 => (0x1301, &[0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 29]),
        0x0303 => ([0xc02f, 0xc013, 0x002f].into_iter().find(|s| has(*s))?, &[]),
        0x0301 | 0x0302 => ([0xc013, 0x002f].into_iter().find(|s| has(*s))?, &[]),
        _ => return None,
    };
    let mut body = version.to_be_bytes().to_vec();
    body.extend([7; 32]);
    if of_13 {
        let session = hello.get(43..suites_at)?;
        body.extend_from_slice(session);
    } else {
        body.push(0);
    }
    body.extend(suite.to_be_bytes());
    body.push(u8::from(deflates && !of_13));
    if !extensions.is_empty() {
        body.extend([0, extensions.len() as u8]);
        body.extend_from_slice(extensions);
    }
    let mut record = vec![22];
    record.extend(version.to_be_bytes());
    record.extend((body.len() as u16 + 4).to_be_bytes());
    record.extend([2, 0, 0, body.len() as u8]);
    record.extend(body);
    Some(record)
}

fn ssh(ground: &Ground) -> Vec<Running> {
    serve(ground, 17961, |mut stream| {
        stream.write_all(b"SSH-1.99-Careless_1.0\r\n")?;
        let mut payload = vec![20];
        payload.extend([3; 16]);
        let lists = [
            "curve25519-sha256",
            "ssh-ed25519",
            "chacha20-poly1305@openssh.com",
            "chacha20-poly1305@openssh.com",
            "hmac-sha2-256",
            "hmac-sha2-256",
            "none",
            "none",
            "",
            "",
        ];
        for list in lists {
            payload.extend((list.len() as u32).to_be_bytes());
            payload.extend(list.as_bytes());
        }
        payload.extend([0; 5]);
        let padding = 8 - (payload.len() + 5) % 8 + 8;
        let mut packet = ((payload.len() + padding + 1) as u32).to_be_bytes().to_vec();
        packet.push(padding as u8);
        packet.extend(payload);
        packet.resize(packet.len() + padding, 0);
        stream.write_all(&packet)?;
        while stream.read(&mut [0; 4096])? > 0 {}
        Ok(())
    })
}

/// Tells everybody that he must log in (RFC 7252, 5.9.2.2), and so that it is there.
fn coap(ground: &Ground) -> Vec<Running> {
    let socket = UdpSocket::bind((ground.address, 5683)).expect("a port");
    thread::spawn(move || {
        let mut asked = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut asked) {
            let token = asked.get(4..4 + usize::from(asked[0] & 0x0f)).unwrap_or_default();
            if length < 4 {
                continue;
            }
            let kind = if asked[0] & 0x30 == 0 { 0x60 } else { 0x50 };
            let mut answer = vec![kind | token.len() as u8, 0x81, asked[2], asked[3]];
            answer.extend(token);
            let _ = socket.send_to(&answer, from);
        }
    });
    Vec::new()
}
