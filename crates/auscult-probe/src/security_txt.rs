//! Reads what a web server says about how to report a flaw (RFC 9116).

use auscult_facts::security_txt::{SecurityTxt as Read, SecurityTxtFacts};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;

use crate::http::ask::{Answered, Client, bound, noted};
use crate::http::page::cut;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Reads `security.txt` at both places where it may stand.
#[derive(Debug)]
pub struct SecurityTxt;

/// Each place, and one redirect within the service from each.
const QUESTIONS: u64 = 4;

/// Most values of one field, and most lines read.
const MANY: usize = 10;
const LINES: usize = 1_000;

impl Observer for SecurityTxt {
    type Facts = SecurityTxtFacts;
    const NAME: &'static str = "security-txt/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        bound(QUESTIONS, 0)
    }

    async fn look(
        bench: &NodeBench,
        subject: &Subject,
        errand: &Errand,
    ) -> Result<SecurityTxtFacts, Interrupted> {
        let mut client = Client::new(bench, subject, Self::bound(errand.depth, bench.allowed()))?;
        let well_known = fetch(&mut client, "/.well-known/security.txt").await;
        if well_known.as_ref().is_ok_and(Read::is_one) {
            let legacy = Answer::NotAsked(NotAsked::NoOccasion);
            return Ok(SecurityTxtFacts { well_known: noted(well_known), legacy });
        }
        let legacy = fetch(&mut client, "/security.txt").await;
        match (&well_known, &legacy) {
            (Err(why), Err(_)) => Err(*why),
            _ => Ok(SecurityTxtFacts { well_known: noted(well_known), legacy: noted(legacy) }),
        }
    }
}

async fn fetch(client: &mut Client<'_>, path: &str) -> Result<Read, Interrupted> {
    let mut answered = client.get(path).await?;
    let mut elsewhere = false;
    if let Some(location) = answered.location() {
        match client.origin.path_here(path, &location) {
            Some(next) => answered = client.get(&next).await?,
            None => elsewhere = true,
        }
    }
    let read = read(&answered);
    match answered.short.filter(|_| answered.given() && !read.is_one()) {
        Some(why) => Err(why),
        None => Ok(Read { elsewhere, ..read }),
    }
}

/// Reads an answer as the file; a page of HTML is none, whatever it says.
pub fn read(answered: &Answered) -> Read {
    let mut file = Read { status: answered.status, ..Read::default() };
    let text = answered.text();
    let text = text.trim_start_matches('\u{feff}');
    if !answered.given() || text.trim_start().starts_with('<') {
        return file;
    }
    for line in text.lines().take(LINES) {
        if line.starts_with("-----BEGIN PGP SIGNED MESSAGE-----") {
            file.signed = true;
        }
        let Some((name, value)) = line.split_once(':').filter(|_| !line.starts_with('#')) else { continue };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "contact" if !value.is_empty() && file.contacts.len() < MANY => {
                file.contacts.push(cut(value, 200));
            }
            "expires" if file.expires.len() < MANY => file.expires.push(value.parse().ok()),
            "policy" if file.policies.len() < MANY => file.policies.push(cut(value, 200)),
            "preferred-languages" => file.languages = Some(cut(value, 200)),
            _ => {}
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answered {
        Answered {
            status,
            headers: hyper::HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            cut: false,
            short: None,
        }
    }

    #[test]
    fn fields_are_read_tolerantly() {
        let file = read(&answer(
            200,
            "\u{feff}# Contact: nobody\r\ncontact:mailto:psirt@maker.example\r\nEXPIRES: 2027-01-01T00:00:00z\r\nExpires: soon\r\n",
        ));
        assert!(file.is_one());
        assert_eq!(file.contacts, ["mailto:psirt@maker.example"]);
        assert_eq!(file.expires.len(), 2);
        assert!(file.expires[0].is_some() && file.expires[1].is_none());
    }

    #[test]
    fn a_page_for_every_path_is_no_file() {
        assert!(!read(&answer(200, "<!doctype html>\nContact: us")).is_one());
        assert!(!read(&answer(404, "Contact: us")).is_one());
        assert!(!read(&answer(200, "")).is_one());
    }
}
