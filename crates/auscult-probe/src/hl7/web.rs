//! The same query as the body of an HTTP request, as HL7 over HTTP has it: no frame, and a media type of its own.

use auscult_facts::hl7::{Hl7Facts, Reason, Reply};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use hyper::Method;
use hyper::header::{ACCEPT, CONTENT_TYPE};

use super::{query, read};
use crate::http::ask::{self, Client, Question};
use crate::http::base;
use crate::mqtt::door::inside_tls;
use crate::{Bound, Errand, NodeBench};

/// The media type of HL7 v2 with bars and carets.
const HL7: &str = "application/hl7-v2";

/// Most bytes of an answer that are read.
const MOST: usize = 64 << 10;

/// What looking can cost: one question.
pub(super) fn bound() -> Bound {
    ask::bound(1, 106)
}

/// Asks the query and reads what comes back.
pub(super) async fn look(
    bench: &NodeBench,
    subject: &Subject,
    errand: &Errand,
) -> Result<Hl7Facts, Interrupted> {
    let id = errand.mark.as_str();
    let mut client = Client::new(bench, subject, bound())?;
    let question = Question::new(Method::POST, base(subject, "/"))
        .with(CONTENT_TYPE, "application/hl7-v2; charset=utf-8")
        .with(ACCEPT, HL7)
        .body(query(id, errand))
        .most(MOST);
    let answered = client.ask(question).await?;
    let mut facts = Hl7Facts {
        tls: inside_tls(subject),
        client_certificate_demanded: false,
        credentials_demanded: matches!(answered.status, 401 | 403),
        stranger: Answer::NotAsked(NotAsked::NoOccasion),
    };
    if facts.credentials_demanded {
        return Ok(facts);
    }
    let is_hl7 =
        answered.header(&CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().starts_with(HL7));
    if !is_hl7 {
        // Without one HL7 message nothing was seen, not even that HL7 is spoken here.
        return Err(Interrupted::NotUnderstood);
    }
    let none = Reply { code: None, reason: Reason::Unsaid, answers_query: false };
    let reply = read(answered.body.trim_ascii(), id).map_err(|_| Interrupted::NotUnderstood)?;
    facts.stranger = Answer::Seen(reply.unwrap_or(none));
    Ok(facts)
}
