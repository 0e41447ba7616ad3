//! Looks at a telnet server as a stranger.
//!
//! All options are refused, the greeting is read to its last line, and nothing is typed where it asks for a name or a
//! password. Where it ends like the line of a shell, an empty line is sent, and only if the same line comes again it is
//! taken for one; no command is ever given. Logins with well-known accounts come only where they are allowed, each over
//! a connection of its own. What the server says is forgotten.

use std::time::Duration;

use auscult_facts::telnet::{Prompt, TelnetFacts};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_wire::telnet::{Stream, last_line};
use tokio::time::Instant;

use crate::credentials::{Login, MAX_LOGINS, Tried, says_locked, try_all};
use crate::mqtt::door::{OPENING_PACKETS, Shut, Talk, inside_tls};
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Packets that one conversation may cost after it is opened.
const ALLOWANCE: u64 = 150;

/// What the last read and the goodbye may add to an allowance.
const SLACK: u64 = 40;

/// How long a line like that of a shell may stand still before it is taken for the last one.
const QUIET: Duration = Duration::from_millis(700);

/// The same for a line that asks for a name or a password, which hardly any other looks like.
const SHORT_QUIET: Duration = Duration::from_millis(200);

/// How long a refusal may take: logins wait some seconds before they say no.
const REFUSAL: Duration = Duration::from_secs(8);

/// The observer of telnet servers.
#[derive(Debug)]
pub struct Telnet;

impl Observer for Telnet {
    type Facts = TelnetFacts;
    const NAME: &'static str = "telnet/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, allowed: Impact) -> Bound {
        let connections = if allowed < Impact::Intrusive { 1 } else { 1 + MAX_LOGINS };
        Bound { connections, packets: connections * (OPENING_PACKETS + ALLOWANCE + SLACK) }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<TelnetFacts, Interrupted> {
        let began = Instant::now();
        let mut terminal = Terminal::open(bench, subject, Impact::Safe).await?;
        let prompt = terminal.first_prompt().await;
        let negotiates = terminal.stream.negotiates();
        terminal.talk.close().await;
        let prompt = prompt?;
        let accounts = match prompt {
            Prompt::Command | Prompt::Other => Answer::NotAsked(NotAsked::NoOccasion),
            Prompt::Login | Prompt::Password if bench.allowed() < Impact::Intrusive => {
                Answer::NotAsked(NotAsked::Impact)
            }
            // A list of names is of no use where none is asked for.
            Prompt::Password => Answer::NotAsked(NotAsked::NoOccasion),
            Prompt::Login => {
                let mut door = Door { bench, subject };
                Answer::Seen(try_all(bench, errand, began, &mut door).await)
            }
        };
        Ok(TelnetFacts { tls: inside_tls(subject), negotiates, prompt: Answer::Seen(prompt), accounts })
    }
}

/// What a last line asks for; it is in lower case.
fn asks_for(line: &str) -> Option<Prompt> {
    // Some servers put the line into brackets or a question.
    let bare = line.trim_end_matches([' ', '?', '>']).trim_end();
    let ends = |words: &[&str]| {
        words.iter().any(|word| bare.strip_suffix(':').unwrap_or(bare).trim_end().ends_with(word))
    };
    if !bare.ends_with(':') && !line.ends_with('>') && !line.ends_with('?') {
        return line.ends_with(['#', '$', '%']).then_some(Prompt::Command);
    }
    if ends(&["login", "username", "user name", "user", "user id", "userid", "account", "name"]) {
        Some(Prompt::Login)
    } else if ends(&["password", "passwd", "passcode", "pin", "passwort"]) {
        Some(Prompt::Password)
    } else {
        line.ends_with('>').then_some(Prompt::Command)
    }
}

/// A conversation as at a terminal.
struct Terminal {
    talk: Talk,
    stream: Stream,
}

impl Terminal {
    async fn open(bench: &NodeBench, subject: &Subject, step: Impact) -> Result<Self, Interrupted> {
        match Talk::open(bench, subject, step, ALLOWANCE).await {
            Ok(talk) => Ok(Self { talk, stream: Stream::default() }),
            Err(Shut::Other(why)) => Err(why),
            Err(Shut::CertificateDemanded) => Err(Interrupted::AccessRefused),
        }
    }

    /// Reads until a line that asks for something stands still, or until the deadline.
    async fn prompt(&mut self, until: Instant) -> Result<Heard, Interrupted> {
        self.stream.forget();
        let mut heard = false;
        let mut asks = None;
        loop {
            let quiet = match asks {
                None => None,
                Some(Prompt::Login | Prompt::Password) => Some(SHORT_QUIET),
                Some(Prompt::Command | Prompt::Other) => Some(QUIET),
            };
            let glance = quiet.map_or(until, |quiet| until.min(Instant::now() + quiet));
            match self.talk.hear(glance).await {
                Ok(Some(bytes)) => {
                    heard = true;
                    let answer = self.stream.push(&bytes);
                    if !answer.is_empty() {
                        self.talk.send(&answer).await?;
                    }
                    asks = asks_for(&last_line(self.stream.text()));
                    if self.stream.full() {
                        return Err(Interrupted::NotUnderstood);
                    }
                }
                Ok(None) if heard => return Ok(Heard { asks: None, ended: true }),
                Ok(None) => return Err(Interrupted::AccessRefused),
                Err(Interrupted::TimedOut) => return Ok(Heard { asks, ended: false }),
                Err(why) => return Err(why),
            }
        }
    }

    /// What the server asks for before anything was typed.
    async fn first_prompt(&mut self) -> Result<Prompt, Interrupted> {
        let until = self.talk.deadline();
        let first = self.prompt(until).await?;
        let line = last_line(self.stream.text());
        match first.asks {
            Some(Prompt::Login) => return Ok(Prompt::Login),
            Some(Prompt::Password) => return Ok(Prompt::Password),
            _ if first.ended => return Err(Interrupted::AccessRefused),
            _ => {}
        }
        // A shell says its line again; other servers wait for a key before they ask for anything.
        self.talk.send(b"\r\n").await?;
        let until = self.talk.deadline();
        let second = self.prompt(until).await?;
        Ok(match second.asks {
            Some(Prompt::Command) if first.asks.is_none() || last_line(self.stream.text()) != line => {
                Prompt::Other
            }
            Some(prompt) => prompt,
            None => Prompt::Other,
        })
    }
}

/// How reading for a prompt ended.
struct Heard {
    asks: Option<Prompt>,
    ended: bool,
}

/// The login of a server.
struct Door<'a> {
    bench: &'a NodeBench,
    subject: &'a Subject,
}

impl Login for Door<'_> {
    async fn attempt(&mut self, user: &str, password: &str) -> Result<Tried, Interrupted> {
        let mut terminal = Terminal::open(self.bench, self.subject, Impact::Intrusive).await?;
        let tried = attempt(&mut terminal, user, password).await;
        terminal.talk.close().await;
        tried
    }
}

/// Words by which a login refuses.
const REFUSALS: [&str; 8] =
    ["incorrect", "invalid", "failed", "failure", "denied", "wrong", "refused", "not authori"];

async fn attempt(terminal: &mut Terminal, user: &str, password: &str) -> Result<Tried, Interrupted> {
    let until = terminal.talk.deadline();
    let heard = terminal.prompt(until).await?;
    if says_locked(&said(terminal)) {
        return Ok(Tried::Locked);
    }
    if heard.asks != Some(Prompt::Login) {
        return Ok(Tried::Unclear);
    }
    terminal.talk.send(format!("{user}\r\n").as_bytes()).await?;
    let heard = terminal.prompt(Instant::now() + REFUSAL).await?;
    if says_locked(&said(terminal)) {
        return Ok(Tried::Locked);
    }
    match heard.asks {
        Some(Prompt::Password) => {}
        // Let in by the name alone, which only an empty password stands for.
        Some(Prompt::Command) => return Ok(Tried::Opened),
        Some(Prompt::Login) => return Ok(Tried::Refused),
        _ => return Ok(Tried::Unclear),
    }
    terminal.talk.send(format!("{password}\r\n").as_bytes()).await?;
    let heard = terminal.prompt(Instant::now() + REFUSAL).await?;
    let said = said(terminal);
    let refuses = REFUSALS.iter().any(|word| said.contains(word));
    Ok(match heard.asks {
        _ if says_locked(&said) => Tried::Locked,
        Some(Prompt::Login | Prompt::Password) => Tried::Refused,
        None if refuses => Tried::Refused,
        Some(Prompt::Command) if !refuses => Tried::Opened,
        _ => Tried::Unclear,
    })
}

/// What was said since the last question, in lower case; it is looked at and forgotten.
fn said(terminal: &Terminal) -> String {
    String::from_utf8_lossy(terminal.stream.text()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_told_apart() {
        for (line, asks) in [
            ("ip7 login:", Some(Prompt::Login)),
            ("username:", Some(Prompt::Login)),
            ("user name>", Some(Prompt::Login)),
            ("please enter your password:", Some(Prompt::Password)),
            ("password for admin:", None),
            ("root@pump:~#", Some(Prompt::Command)),
            ("$", Some(Prompt::Command)),
            ("router>", Some(Prompt::Command)),
            ("press any key", None),
            ("temperature 37.2", None),
            ("welcome, pump 7:", None),
            ("", None),
        ] {
            assert_eq!(asks_for(line), asks, "{line}");
        }
    }
}
