//! Looks at an FTP server as a stranger.
//!
//! Whether TLS is to be had is asked on one connection (`AUTH TLS`), and left at that. On another one the name of a
//! user that cannot exist is said, to see whether a password would be asked for in clear; none is sent. Logins as
//! `anonymous` and with well-known accounts come only where they are allowed, each over a connection of its own, and
//! nothing is listed, fetched or stored. Where TLS is to be had, accounts are tried in clear all the same: that is the
//! door that is open to a stranger, and no account of the product is used.

use auscult_facts::ftp::{FtpFacts, Name};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_wire::ftp::{MAX_REPLY, Reply};
use tokio::time::Instant;

use crate::credentials::{Login, MAX_LOGINS, Tried, says_locked, try_all};
use crate::mqtt::door::{OPENING_PACKETS, Shut, Talk, answer, inside_tls};
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Packets that one conversation may cost after it is opened.
const ALLOWANCE: u64 = 80;

/// What the last read and the goodbye may add to an allowance.
const SLACK: u64 = 40;

/// Preliminary answers (1xx) before the one that counts.
const MAX_PRELIMINARY: usize = 4;

/// The observer of FTP servers.
#[derive(Debug)]
pub struct Ftp;

impl Observer for Ftp {
    type Facts = FtpFacts;
    const NAME: &'static str = "ftp/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, allowed: Impact) -> Bound {
        let connections = if allowed < Impact::Intrusive { 2 } else { 3 + MAX_LOGINS };
        Bound { connections, packets: connections * (OPENING_PACKETS + ALLOWANCE + SLACK) }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<FtpFacts, Interrupted> {
        let began = Instant::now();
        let tls = inside_tls(subject);
        let nobody = format!("USER auscult-{}\r\n", errand.mark);
        let user = ask(bench, subject, Impact::Safe, &nobody).await.map(|(code, text)| name(code, &text));
        let auth_tls = if tls {
            Answer::NotAsked(NotAsked::NoOccasion)
        } else {
            answer(ask(bench, subject, Impact::Safe, "AUTH TLS\r\n").await.map(|(code, _)| code))
        };
        if let (Err(why), None) = (&user, auth_tls.seen())
            && (tls || matches!(auth_tls, Answer::Interrupted(_)))
        {
            return Err(*why);
        }
        let rough = bench.allowed() >= Impact::Intrusive;
        let (anonymous, accounts) = if rough {
            let anonymous = anonymous(bench, subject).await;
            // An account can be tried only where a name is answered with the demand for a password.
            let accounts = if user.is_ok_and(|name| name.code == 331) {
                let mut door = Door { bench, subject };
                Answer::Seen(try_all(bench, errand, began, &mut door).await)
            } else {
                Answer::NotAsked(NotAsked::NoOccasion)
            };
            (answer(anonymous), accounts)
        } else {
            (Answer::NotAsked(NotAsked::Impact), Answer::NotAsked(NotAsked::Impact))
        };
        Ok(FtpFacts { tls, auth_tls, user_in_clear: answer(user), anonymous, accounts })
    }
}

/// A conversation that has begun with a greeting.
struct Control {
    talk: Talk,
    held: Vec<u8>,
}

impl Control {
    async fn open(bench: &NodeBench, subject: &Subject, step: Impact) -> Result<Self, Interrupted> {
        let talk = match Talk::open(bench, subject, step, ALLOWANCE).await {
            Ok(talk) => talk,
            Err(Shut::Other(why)) => return Err(why),
            Err(Shut::CertificateDemanded) => return Err(Interrupted::AccessRefused),
        };
        let mut control = Self { talk, held: Vec::new() };
        let greeting = match control.reply().await {
            Ok((220, _)) => return Ok(control),
            // 421: it serves nobody now, for example because too many are there.
            Ok((421 | 500..=599, _)) => Interrupted::AccessRefused,
            Ok(_) => Interrupted::NotUnderstood,
            Err(why) => why,
        };
        control.talk.close().await;
        Err(greeting)
    }

    /// Says one line and hears the code and the text, in lower case, of the answer.
    async fn say(&mut self, line: &str) -> Result<(u16, String), Interrupted> {
        self.talk.send(line.as_bytes()).await?;
        self.reply().await
    }

    async fn reply(&mut self) -> Result<(u16, String), Interrupted> {
        let until = self.talk.deadline();
        for _ in 0..=MAX_PRELIMINARY {
            let (code, text) = loop {
                let read = Reply::read(&self.held).map_err(|_| Interrupted::NotUnderstood)?;
                if let Some(Reply { code, text, used }) = read {
                    let text = String::from_utf8_lossy(text).to_lowercase();
                    self.held.drain(..used);
                    break (code, text);
                }
                if self.held.len() > MAX_REPLY {
                    return Err(Interrupted::NotUnderstood);
                }
                match self.talk.hear(until).await? {
                    Some(bytes) => self.held.extend(bytes),
                    None => return Err(Interrupted::AccessRefused),
                }
            };
            if code >= 200 {
                return Ok((code, text));
            }
        }
        Err(Interrupted::NotUnderstood)
    }

    async fn quit(mut self) {
        let _ = self.talk.send(b"QUIT\r\n").await;
        self.talk.close().await;
    }
}

/// What the answer to a name says.
fn name(code: u16, text: &str) -> Name {
    const WORDS: [&str; 4] = ["encrypt", "tls", "ssl", "secure"];
    // 522 and 534: this level of protection does not suffice (RFC 2228).
    let wants_tls = matches!(code, 522 | 534) || code >= 500 && WORDS.iter().any(|word| text.contains(word));
    Name { code, wants_tls }
}

/// How one line is answered, over a connection of its own.
async fn ask(
    bench: &NodeBench,
    subject: &Subject,
    step: Impact,
    line: &str,
) -> Result<(u16, String), Interrupted> {
    let mut control = Control::open(bench, subject, step).await?;
    let answered = control.say(line).await;
    match answered {
        // From here on TLS is spoken; whoever does not want it closes.
        Ok((234, _)) => control.talk.close().await,
        _ => control.quit().await,
    }
    answered
}

/// Logs in as `anonymous`, with an address that cannot exist as the password that custom asks for.
async fn anonymous(bench: &NodeBench, subject: &Subject) -> Result<Name, Interrupted> {
    let mut control = Control::open(bench, subject, Impact::Intrusive).await?;
    let asked = async {
        match control.say("USER anonymous\r\n").await? {
            (331, _) => control.say("PASS auscult@auscult.invalid\r\n").await,
            other => Ok(other),
        }
    };
    let answered = asked.await;
    control.quit().await;
    answered.map(|(code, text)| name(code, &text))
}

/// The login of a server.
struct Door<'a> {
    bench: &'a NodeBench,
    subject: &'a Subject,
}

impl Login for Door<'_> {
    async fn attempt(&mut self, user: &str, password: &str) -> Result<Tried, Interrupted> {
        let mut control = Control::open(self.bench, self.subject, Impact::Intrusive).await?;
        let asked = async {
            let (code, text) = match control.say(&format!("USER {user}\r\n")).await? {
                (331, text) if says_locked(&text) => return Ok(Tried::Locked),
                (331, _) => control.say(&format!("PASS {password}\r\n")).await?,
                other => other,
            };
            Ok(match code {
                _ if says_locked(&text) => Tried::Locked,
                230 => Tried::Opened,
                421 => Tried::Locked,
                // Inside TLS the same account may be let in.
                _ if name(code, &text).wants_tls => Tried::Unclear,
                430 | 530 => Tried::Refused,
                _ => Tried::Unclear,
            })
        };
        let tried = asked.await;
        control.quit().await;
        tried
    }
}
