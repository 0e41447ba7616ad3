//! What hostile peers make of a question, where the same words to everything would not get far enough.

/// The version of MQTT that a CONNECT asks for; nothing where it is none.
fn connects(heard: &[u8]) -> Option<u8> {
    (heard.first() == Some(&0x10)).then(|| heard.get(8).copied().unwrap_or(4))
}

/// Says yes to a CONNECT, so that what comes after it is heard at all.
fn connected(version: u8) -> Vec<u8> {
    if version == 5 { vec![0x20, 3, 0, 0, 0] } else { vec![0x20, 2, 0, 0] }
}

/// Lets everybody in, and acknowledges the first subscription; then the row's flood begins.
pub(crate) fn mqtt_subscribed(heard: &[u8]) -> (Vec<u8>, bool) {
    if let Some(version) = connects(heard) {
        return (connected(version), false);
    }
    match heard {
        [0x82, _, high, low, ..] => (vec![0x90, 3, *high, *low, 0], true),
        _ => (Vec::new(), false),
    }
}

/// A CONNACK with as many properties of the user's own as one packet of a megabyte holds.
pub(crate) fn mqtt_properties(heard: &[u8]) -> Vec<u8> {
    if connects(heard).is_none() {
        return Vec::new();
    }
    let pair = [0x26, 0, 1, b'a', 0, 1, b'b'];
    let properties = pair.repeat(150_000);
    let mut packet = vec![0x20];
    packet.extend(variable(properties.len() + 2 + variable(properties.len()).len()));
    packet.extend([0, 0]);
    packet.extend(variable(properties.len()));
    packet.extend(properties);
    packet
}

fn variable(mut value: usize) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let rest = value >> 7;
        out.push((value & 0x7f) as u8 | if rest > 0 { 0x80 } else { 0 });
        value = rest;
        if value == 0 {
            return out;
        }
    }
}

/// Accepts every presentation context of a DICOM association, and then never comes to the end of an answer.
pub(crate) fn dicom_accepted(heard: &[u8]) -> (Vec<u8>, bool) {
    match heard.first() {
        Some(1) => (accept(heard), false),
        Some(4) => (Vec::new(), true),
        _ => (Vec::new(), false),
    }
}

/// Accepts the association and answers each query by a data set of ten thousand nested sequences.
pub(crate) fn dicom_nested(heard: &[u8]) -> Vec<u8> {
    match heard.first() {
        Some(1) => accept(heard),
        Some(4) => {
            let context = heard.get(10).copied().unwrap_or(1);
            // A sequence of undefined length, and an item of undefined length within, without an end.
            let open =
                [0x08, 0, 0x15, 0x11, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff];
            let inner = open.repeat(10_000);
            let mut values = vec![];
            values.extend((inner.len() as u32 + 2).to_be_bytes());
            values.extend([context, 0x02]);
            values.extend(inner);
            let mut pdu = vec![4, 0];
            pdu.extend((values.len() as u32).to_be_bytes());
            pdu.extend(values);
            pdu
        }
        _ => Vec::new(),
    }
}

/// An A-ASSOCIATE-AC that says yes to whatever was asked for.
fn accept(request: &[u8]) -> Vec<u8> {
    let mut out = request.to_vec();
    out[0] = 2;
    let mut items = Vec::new();
    let mut at = 74;
    while let (Some(&kind), Some(&high), Some(&low)) = (out.get(at), out.get(at + 2), out.get(at + 3)) {
        let length = usize::from(u16::from_be_bytes([high, low]));
        let Some(body) = out.get(at + 4..at + 4 + length) else { break };
        if kind == 0x20 {
            let syntax = b"1.2.840.10008.1.2";
            let mut answer = vec![body[0], 0, 0, 0, 0x40, 0, 0, syntax.len() as u8];
            answer.extend_from_slice(syntax);
            items.extend([0x21, 0, 0, answer.len() as u8]);
            items.extend(answer);
        } else {
            items.extend_from_slice(&out[at..at + 4 + length]);
        }
        at += 4 + length;
    }
    out.truncate(74);
    out.extend(items);
    let length = (out.len() - 6) as u32;
    out[2..6].copy_from_slice(&length.to_be_bytes());
    out
}

/// A web server that sends everybody on to an address outside the scenario.
pub(crate) fn leads_away(heard: &[u8]) -> Vec<u8> {
    if !heard.ends_with(b"\r\n\r\n") {
        return Vec::new();
    }
    let away = crate::AWAY;
    let body = format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":9,\"link\":[{{\"relation\":\"next\",\
         \"url\":\"http://{away}/next\"}}],\"authorization_endpoint\":\"http://{away}/a\",\
         \"token_endpoint\":\"http://{away}/t\"}}"
    );
    format!(
        "HTTP/1.1 302 Found\r\nLocation: http://{away}/away\r\nContent-Location: http://{away}/export\r\n\
         Refresh: 0; url=http://{away}/refresh\r\nContent-Type: application/fhir+json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A page in a coding that grows a thousandfold.
pub(crate) fn bomb(heard: &[u8]) -> Vec<u8> {
    if !heard.ends_with(b"\r\n\r\n") {
        return Vec::new();
    }
    // One block with fixed codes: a zero, and then "258 bytes as before" again and again, eight of them in 13 bytes.
    let mut bits = Bits::default();
    bits.push(0b1, 1);
    bits.push(0b01, 2);
    bits.push_code(0b0011_0000, 8);
    for _ in 0..400_000 {
        bits.push_code(0b1100_0101, 8);
        bits.push_code(0, 5);
    }
    bits.push_code(0, 7);
    let mut body = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    body.extend(bits.out);
    let mut out = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    out.extend(body);
    out
}

#[derive(Default)]
struct Bits {
    out: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    /// Lowest bit first, as lengths are written.
    fn push(&mut self, value: u32, width: u32) {
        self.held |= value << self.count;
        self.count += width;
        while self.count >= 8 {
            self.out.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Highest bit first, as codes are written.
    fn push_code(&mut self, code: u32, width: u32) {
        for bit in (0..width).rev() {
            self.push((code >> bit) & 1, 1);
        }
    }
}

/// A resource of FHIR that is nested as deep as half a megabyte allows.
pub(crate) fn deep_json(heard: &[u8]) -> Vec<u8> {
    if !heard.ends_with(b"\r\n\r\n") {
        return Vec::new();
    }
    let body = "{\"resourceType\":\"CapabilityStatement\",\"rest\":".to_owned() + &"[".repeat(500_000);
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length:";
    format!("{head} {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Lets everybody log in, and says where its data is to be fetched: outside the scenario.
pub(crate) fn ftp_elsewhere(heard: &[u8]) -> Vec<u8> {
    let word = heard.get(..4).unwrap_or_default().to_ascii_uppercase();
    match word.as_slice() {
        b"USER" => b"331 say more\r\n".to_vec(),
        b"PASS" => b"230 come in\r\n".to_vec(),
        b"PASV" => format!("227 Entering Passive Mode ({},31,144)\r\n", crate::AWAY_HOST.replace('.', ","))
            .into_bytes(),
        b"EPSV" => b"229 Entering Extended Passive Mode (|||8080|)\r\n".to_vec(),
        _ => b"220 here\r\n".to_vec(),
    }
}
