//! A web page is served in clear and does not send the browser to TLS.

use auscult_facts::Subject;
use auscult_facts::http::{HttpFacts, Page};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct NoRedirectToTls;

impl Check for NoRedirectToTls {
    const META: Meta = Meta {
        id: CheckId::new("http-no-redirect-to-tls"),
        covers: &[Covers::new("SRV-04", "redirect")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = HttpFacts;

    /// Services that are spoken to in clear.
    fn concerns(subject: &Subject) -> bool {
        subject.service.as_ref().is_some_and(|s| !s.speaks_tls())
    }

    fn judge(facts: &HttpFacts, _: &Subject) -> Judgement {
        let front = match said(&facts.front) {
            Ok(front) => front,
            Err(why) => return why,
        };
        let follows = front.redirect.as_ref().is_some_and(|r| r.here);
        let last = if follows {
            match said(&facts.landing) {
                Ok(landing) => landing,
                Err(why) => return why,
            }
        } else {
            front
        };
        on_page(last)
    }
}

/// Judges the page on which the redirects end.
fn on_page(page: &Page) -> Judgement {
    match &page.redirect {
        Some(redirect) if redirect.scheme == "https" => {
            Judgement::pass(Message::new("redirected").with("to", &redirect.to))
        }
        Some(redirect) if redirect.scheme == "http" && !redirect.here => {
            Judgement::fail(Message::new("stays-clear").with("to", &redirect.to))
        }
        _ if page.given() => Judgement::fail(Message::new("served").with("path", &page.path)),
        _ if page.status == 401 => Judgement::fail(Message::new("asks-in-clear").with("path", &page.path)),
        _ => Judgement::inconclusive(
            Message::new("no-page").with("path", &page.path).with("status", page.status),
        ),
    }
}
