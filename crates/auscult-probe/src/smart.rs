//! Reads what a FHIR API says about its authorisation server.

use std::collections::BTreeMap;

use auscult_facts::smart::{SmartConfiguration, SmartFacts};
use auscult_facts::{Interrupted, Subject};
use auscult_model::Impact;
use hyper::header::ACCEPT;
use serde_json::Value;
use url::Url;

use crate::fhir::find_base;
use crate::http::ask::{Answered, Client, Question, bound, noted};
use crate::http::page::cut;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Reads the SMART configuration of a FHIR API; the addresses in it are not visited.
#[derive(Debug)]
pub struct Smart;

/// Metadata at two places, and the document.
const QUESTIONS: u64 = 3;

/// Most bytes of the document.
const MOST: usize = 64 << 10;

/// Most entries of a list in it.
const MANY: usize = 50;

impl Observer for Smart {
    type Facts = SmartFacts;
    const NAME: &'static str = "smart/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        bound(QUESTIONS, QUESTIONS * 106)
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<SmartFacts, Interrupted> {
        let mut client = Client::new(bench, subject, Self::bound(errand.depth, bench.allowed()))?;
        let (base, _) = find_base(&mut client, subject).await;
        let path = format!("{}/.well-known/smart-configuration", base.trim_end_matches('/'));
        let answered = client.ask(Question::get(path).with(ACCEPT, "application/json").most(MOST)).await?;
        let configuration = configuration(&answered);
        if configuration.is_none() && answered.given() && answered.cut {
            // What broke off, or has no end, is neither the document nor shown to be another one.
            return Err(answered.short.unwrap_or(Interrupted::NotUnderstood));
        }
        Ok(SmartFacts { base, status: noted(Ok(answered.status)), configuration })
    }
}

/// Reads an answer as the document; `None` when it is none.
pub fn configuration(answered: &Answered) -> Option<SmartConfiguration> {
    let value: Value = serde_json::from_slice(&answered.body).ok().filter(|_| answered.given())?;
    let members = value.as_object()?;
    let words = |name: &str| -> Option<Vec<String>> {
        let list = members.get(name)?.as_array()?;
        Some(list.iter().filter_map(Value::as_str).map(|w| cut(w, 120)).take(MANY).collect())
    };
    let addresses = members.iter().filter(|(name, _)| {
        let name = name.as_str();
        name.ends_with("_endpoint") || matches!(name, "issuer" | "jwks_uri")
    });
    let endpoints: BTreeMap<String, String> = addresses
        .filter_map(|(name, value)| {
            let scheme = match Url::parse(value.as_str()?) {
                Ok(url) => cut(url.scheme(), 20),
                Err(_) => "none".to_owned(),
            };
            Some((cut(name, 60), scheme))
        })
        .take(MANY)
        .collect();
    let configuration = SmartConfiguration {
        code_challenge_methods: words("code_challenge_methods_supported"),
        capabilities: words("capabilities").unwrap_or_default(),
        endpoints,
    };
    // Any JSON is an object; only one that says something of its kind is the document.
    (configuration != SmartConfiguration::default()).then_some(configuration)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Answered {
        Answered {
            status: 200,
            headers: hyper::HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            cut: false,
            short: None,
        }
    }

    #[test]
    fn a_document_is_told_from_other_json() {
        assert_eq!(configuration(&answer("{\"error\":\"x\"}")), None);
        assert_eq!(configuration(&answer("<html>")), None);
        let seen = configuration(&answer(
            r#"{"issuer":"https://a.test","token_endpoint":"http://a.test/t","code_challenge_methods_supported":["S256"]}"#,
        ))
        .unwrap();
        assert_eq!(seen.endpoints["token_endpoint"], "http");
        assert_eq!(seen.code_challenge_methods.as_deref(), Some(&["S256".to_owned()][..]));
    }
}
