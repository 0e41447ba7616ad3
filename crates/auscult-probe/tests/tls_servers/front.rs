//! A front that gives a sound server flaws of others: it hands on what both sides say, and where a flaw would show it
//! answers as an implementation with the flaw does.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

/// The flaws of a front.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flaws {
    /// How it answers heartbeats, if it agrees to them.
    pub(crate) heartbeat: Option<Heart>,
    /// It takes a ChangeCipherSpec message before there is a key.
    pub(crate) early: bool,
    /// It sends 32 bytes of session id beside a ticket, whatever came.
    pub(crate) session: bool,
    /// What it tells of secrets, and the file of the server's key.
    pub(crate) rsa: Option<(Tell, String)>,
}

/// How heartbeats are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heart {
    /// As many bytes as are announced.
    Believes,
    /// Only what is there, padding included.
    CountsPaddingAsPayload,
    /// Only what is there with its padding.
    Sound,
    /// Not at all.
    Mute,
}

/// What is told of secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tell {
    /// A wrong start by another alert than a missing zero.
    Faults,
    /// That something is wrong.
    Wrong,
    /// The same, but only where nothing follows the secret.
    WrongIfAlone,
    /// Whatever comes to its mind.
    Moods,
}

/// Stands at `at` before a server of TLS 1.2.
pub(crate) fn front(at: SocketAddr, server: SocketAddr, flaws: Flaws) -> SocketAddr {
    let listener = TcpListener::bind(at).expect("a port");
    let at = listener.local_addr().expect("its address");
    thread::spawn(move || {
        for (nth, client) in listener.incoming().flatten().enumerate() {
            let flaws = flaws.clone();
            thread::spawn(move || meet(client, server, &flaws, nth));
        }
    });
    at
}

fn meet(client: TcpStream, server: SocketAddr, flaws: &Flaws, nth: usize) -> Option<()> {
    let mut from_client = client.try_clone().ok()?;
    let hello = record(&mut from_client)?;
    let mut server = TcpStream::connect(server).ok()?;
    server.write_all(&hello).ok()?;
    let done = Arc::new(AtomicBool::new(false));
    let back = {
        let (mut from_server, mut to_client) = (server.try_clone().ok()?, client.try_clone().ok()?);
        let (flaws, done) = (flaws.clone(), Arc::clone(&done));
        thread::spawn(move || {
            let offered = Offered::of(&hello);
            while let Some(record) = record(&mut from_server) {
                let record = changed(record, &offered, &flaws);
                // What the front itself has said is the last word.
                if done.load(SeqCst) || to_client.write_all(&record).is_err() {
                    break;
                }
            }
            let _ = to_client.shutdown(Shutdown::Write);
        })
    };
    hand_on(from_client, &mut server, &client, flaws, &done, nth);
    let _ = server.shutdown(Shutdown::Both);
    let _ = back.join();
    let _ = client.shutdown(Shutdown::Both);
    Some(())
}

/// What comes after the hello.
fn hand_on(
    mut from_client: TcpStream,
    server: &mut TcpStream,
    mut client: &TcpStream,
    flaws: &Flaws,
    done: &AtomicBool,
    nth: usize,
) -> Option<()> {
    let (mut agreed, mut early) = (false, 0);
    while let Some(record) = record(&mut from_client) {
        match (record[0], &flaws.rsa) {
            (24, _) if flaws.heartbeat.is_some() => {
                if let Some(answer) = flaws.heartbeat.and_then(|heart| beat(heart, &record)) {
                    client.write_all(&answer).ok()?;
                }
                continue;
            }
            (20, _) if flaws.early && !agreed => {
                early += 1;
                if early == 2 {
                    return last_word(client, done, 20);
                }
                continue;
            }
            (22, Some((tell, key))) if record[5] == 16 && record.len() == 5 + 4 + 2 + 256 => {
                let padding = Padding::of(&record[11..], key);
                let alone = {
                    from_client.set_read_timeout(Some(Duration::from_millis(300))).ok()?;
                    let none = !matches!(from_client.peek(&mut [0]), Ok(n) if n > 0);
                    from_client.set_read_timeout(None).ok()?;
                    none
                };
                let alert = match tell {
                    Tell::Faults if !padding.start => Some(51),
                    Tell::Faults if !padding.zero => Some(47),
                    Tell::Wrong if !padding.start || !padding.zero => Some(40),
                    Tell::WrongIfAlone if alone && (!padding.start || !padding.zero) => Some(40),
                    Tell::Moods => [Some(40), Some(47), Some(51)][nth % 3],
                    _ => None,
                };
                if let Some(alert) = alert {
                    return last_word(client, done, alert);
                }
            }
            _ => {}
        }
        agreed |= record[0] == 22;
        server.write_all(&record).ok()?;
    }
    None
}

/// An alert, and nothing more; what still comes is read so that the alert is not lost.
fn last_word(mut client: &TcpStream, done: &AtomicBool, alert: u8) -> Option<()> {
    done.store(true, SeqCst);
    client.write_all(&[21, 3, 3, 0, 2, 2, alert]).ok()?;
    client.shutdown(Shutdown::Write).ok()?;
    while client.read(&mut [0; 512]).is_ok_and(|n| n > 0) {}
    Some(())
}

/// One record.
fn record(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut record = vec![0; 5];
    stream.read_exact(&mut record).ok()?;
    if !(20..=24).contains(&record[0]) {
        return None;
    }
    let mut body = vec![0; usize::from(u16::from_be_bytes([record[3], record[4]]))];
    stream.read_exact(&mut body).ok()?;
    record.append(&mut body);
    (record.len() > 5).then_some(record)
}

/// What a client offers that a flaw depends on.
struct Offered {
    session: Vec<u8>,
    heartbeat: bool,
}

impl Offered {
    fn of(hello: &[u8]) -> Self {
        let session_end = 44 + usize::from(hello[43]);
        let suites_end =
            session_end + 2 + usize::from(u16::from_be_bytes([hello[session_end], hello[session_end + 1]]));
        let methods_end = suites_end + 1 + usize::from(hello[suites_end]);
        let mut extensions = hello.get(methods_end + 2..).unwrap_or_default();
        let mut heartbeat = false;
        while let [k1, k2, l1, l2, rest @ ..] = extensions {
            heartbeat |= [*k1, *k2] == [0, 15];
            extensions = rest.get(usize::from(u16::from_be_bytes([*l1, *l2]))..).unwrap_or_default();
        }
        Self { session: hello[44..session_end].to_vec(), heartbeat }
    }
}

/// A record of the server, its hello as an implementation with the flaws would have sent it.
fn changed(record: Vec<u8>, offered: &Offered, flaws: &Flaws) -> Vec<u8> {
    if record[0] != 22 || record[5] != 2 {
        return record;
    }
    let end = 9 + usize::from(u16::from_be_bytes([record[7], record[8]]));
    let (hello, after) = (&record[9..end], &record[end..]);
    let session_end = 35 + usize::from(hello[34]);
    let mut session = hello[35..session_end].to_vec();
    if flaws.session && !session.is_empty() && session == offered.session {
        session.resize(32, 0x5a);
    }
    let mut extensions = hello.get(session_end + 5..).unwrap_or_default().to_vec();
    if flaws.heartbeat.is_some() && offered.heartbeat {
        extensions.extend([0, 15, 0, 1, 1]);
    }
    let mut body = hello[..34].to_vec();
    body.push(u8::try_from(session.len()).expect("at most 32"));
    body.extend(session);
    body.extend(&hello[session_end..session_end + 3]);
    if !extensions.is_empty() {
        body.extend(u16::try_from(extensions.len()).expect("few").to_be_bytes());
        body.extend(extensions);
    }
    let mut out = record[..3].to_vec();
    out.extend(u16::try_from(body.len() + 4 + after.len()).expect("a record").to_be_bytes());
    out.extend([2, 0]);
    out.extend(u16::try_from(body.len()).expect("a message").to_be_bytes());
    out.extend(body);
    out.extend(after);
    out
}

/// The answer to a heartbeat.
fn beat(heart: Heart, record: &[u8]) -> Option<Vec<u8>> {
    let announced = usize::from(u16::from_be_bytes([record[6], record[7]]));
    let held = &record[8..];
    let most = match heart {
        Heart::Believes => usize::MAX,
        Heart::CountsPaddingAsPayload => held.len(),
        Heart::Sound => held.len().checked_sub(16)?,
        Heart::Mute => return None,
    };
    if announced > most {
        return None;
    }
    // What lies behind the request in memory.
    let mut memory = held.to_vec();
    memory.resize(announced.max(held.len()), b'P');
    let mut body = vec![2];
    body.extend(u16::try_from(announced).expect("two bytes").to_be_bytes());
    body.extend(&memory[..announced]);
    body.extend([0; 16]);
    let mut out = vec![24, record[1], record[2]];
    out.extend(u16::try_from(body.len()).expect("a record").to_be_bytes());
    out.extend(body);
    Some(out)
}

/// How a secret is padded.
struct Padding {
    start: bool,
    zero: bool,
}

impl Padding {
    fn of(encrypted: &[u8], key: &str) -> Self {
        let mut openssl = Command::new("openssl")
            .args(["pkeyutl", "-decrypt", "-inkey", key, "-pkeyopt", "rsa_padding_mode:none"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("openssl is installed");
        openssl.stdin.take().expect("its input").write_all(encrypted).expect("it listens");
        let block = openssl.wait_with_output().expect("it ends").stdout;
        assert_eq!(block.len(), 256, "a block of the key's size");
        let zero = block[2..].iter().position(|byte| *byte == 0);
        Self { start: block[..2] == [0, 2], zero: zero == Some(256 - 48 - 1 - 2) }
    }
}
