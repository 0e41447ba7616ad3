//! TLS as a hostile server speaks it: hellos, certificates and records made by hand, since no library would.

/// Writes one DER element.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    match length {
        0..=0x7f => out.push(length as u8),
        0x80..=0xffff => out.extend([0x82, (length >> 8) as u8, length as u8]),
        _ => {
            out.extend([0x84, (length >> 24) as u8, (length >> 16) as u8, (length >> 8) as u8, length as u8])
        }
    }
    out.extend_from_slice(content);
    out
}

const RSA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const SHA256_WITH_RSA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
const COMMON_NAME: &[u8] = &[0x06, 3, 0x55, 4, 3];
const ALTERNATIVE_NAMES: &[u8] = &[0x06, 3, 0x55, 0x1d, 0x11];

fn named(common: &[u8]) -> Vec<u8> {
    let pair = [COMMON_NAME, &der(0x0c, common)].concat();
    der(0x30, &der(0x31, &der(0x30, &pair)))
}

/// A certificate that nobody signed: RSA with so many bytes of modulus, and these names.
pub(crate) fn certificate(issuer: &[u8], subject: &[u8], modulus: usize, names: &[Vec<u8>]) -> Vec<u8> {
    let algorithm = der(0x30, &[SHA256_WITH_RSA, &[5, 0]].concat());
    let mut number = vec![0u8];
    number.extend(std::iter::repeat_n(0xc5, modulus));
    let key = der(0x30, &[der(2, &number), der(2, &[1, 0, 1])].concat());
    let bits = der(3, &[vec![0], key].concat());
    let public = der(0x30, &[der(0x30, &[RSA, &[5, 0]].concat()), bits].concat());
    let validity = der(0x30, &[der(0x17, b"200101000000Z"), der(0x17, b"491231235959Z")].concat());
    let mut inner = [
        der(0xa0, &der(2, &[2])),
        der(2, &[7]),
        algorithm.clone(),
        named(issuer),
        validity,
        named(subject),
        public,
    ]
    .concat();
    if !names.is_empty() {
        let names: Vec<u8> = names.iter().flat_map(|n| der(0x82, n)).collect();
        let extension = der(0x30, &[ALTERNATIVE_NAMES, &der(4, &der(0x30, &names))].concat());
        inner.extend(der(0xa3, &der(0x30, &extension)));
    }
    let signature = der(3, &[vec![0], vec![0x5a; 256]].concat());
    der(0x30, &[der(0x30, &inner), algorithm, signature].concat())
}

/// Handshake messages in records of at most 16 KB.
fn records(messages: &[u8]) -> Vec<u8> {
    let of_one = |part: &[u8]| {
        let mut record = vec![22, 3, 3];
        record.extend((part.len() as u16).to_be_bytes());
        record.extend_from_slice(part);
        record
    };
    messages.chunks(16_000).flat_map(of_one).collect()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![kind];
    out.extend_from_slice(&(body.len() as u32).to_be_bytes()[1..]);
    out.extend_from_slice(body);
    out
}

fn server_hello(random: &[u8; 32], session: &[u8], suite: u16, extensions: &[u8]) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend_from_slice(random);
    body.push(session.len() as u8);
    body.extend_from_slice(session);
    body.extend(suite.to_be_bytes());
    body.push(0);
    if !extensions.is_empty() {
        body.extend((extensions.len() as u16).to_be_bytes());
        body.extend_from_slice(extensions);
    }
    message(2, &body)
}

/// Whether this begins a client hello in a record.
fn is_hello(heard: &[u8]) -> bool {
    heard.len() > 76 && heard[0] == 22 && heard[5] == 1
}

/// Answers each client hello by a server hello of TLS 1.2 and these certificates.
pub(crate) fn with_chain(heard: &[u8], chain: &[Vec<u8>]) -> Vec<u8> {
    if !is_hello(heard) {
        return Vec::new();
    }
    let of_one = |c: &Vec<u8>| [&(c.len() as u32).to_be_bytes()[1..], c].concat();
    let list: Vec<u8> = chain.iter().flat_map(of_one).collect();
    let body = [&(list.len() as u32).to_be_bytes()[1..], &list].concat();
    let messages = [server_hello(&[7; 32], &[], 0xc02f, &[]), message(11, &body), message(14, &[])].concat();
    records(&messages)
}

/// Two authorities that vouch for each other, a hundred times over.
pub(crate) fn looping_chain(heard: &[u8]) -> Vec<u8> {
    let chain: Vec<Vec<u8>> =
        (0..100)
            .map(|n| {
                if n % 2 == 0 { certificate(b"A", b"B", 256, &[]) } else { certificate(b"B", b"A", 256, &[]) }
            })
            .collect();
    with_chain(heard, &chain)
}

/// A certificate for ten thousand names.
pub(crate) fn many_names(heard: &[u8]) -> Vec<u8> {
    let names: Vec<Vec<u8>> = (0..10_000).map(|n| format!("host-{n}.example").into_bytes()).collect();
    with_chain(heard, &[certificate(b"A", b"A", 256, &names)])
}

/// A key of 16,384 bits.
pub(crate) fn giant_key(heard: &[u8]) -> Vec<u8> {
    with_chain(heard, &[certificate(b"A", b"A", 2048, &[])])
}

/// No certificate at all.
pub(crate) fn empty_chain(heard: &[u8]) -> Vec<u8> {
    with_chain(heard, &[])
}

/// A certificate that is none.
pub(crate) fn torn_certificate(heard: &[u8]) -> Vec<u8> {
    let whole = certificate(b"A", b"A", 256, &[]);
    with_chain(heard, &[whole[..whole.len() / 2].to_vec()])
}

/// Asks for another hello, whatever hello comes.
pub(crate) fn retry_for_ever(heard: &[u8]) -> Vec<u8> {
    // The number by which a server hello is known to ask for another one.
    const RETRY: [u8; 32] = [
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
        0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    ];
    if !is_hello(heard) {
        return Vec::new();
    }
    let length = usize::from(heard[43]).min(32);
    let session = &heard[44..(44 + length).min(heard.len())];
    let extensions = [0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 0x17];
    records(&server_hello(&RETRY, session, 0x1301, &extensions))
}

/// A server hello of TLS 1.2, and then nothing that belongs to it: what follows is up to the row.
pub(crate) fn hello_alone(heard: &[u8]) -> (Vec<u8>, bool) {
    let hello = is_hello(heard);
    (if hello { records(&server_hello(&[7; 32], &[], 0xc02f, &[])) } else { Vec::new() }, hello)
}

/// A server hello whose extensions are longer than the message.
pub(crate) fn lying_extensions(heard: &[u8]) -> Vec<u8> {
    if !is_hello(heard) {
        return Vec::new();
    }
    let mut hello = server_hello(&[7; 32], &[], 0xc02f, &[0, 43, 0, 2, 3, 4]);
    let at = hello.len() - 8;
    hello[at..at + 2].copy_from_slice(&[0xff, 0xff]);
    records(&hello)
}
