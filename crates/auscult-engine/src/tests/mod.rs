//! What several tests of this crate need: small scenarios, small catalogs, checks whose verdict the evidence states.

mod applying;
mod comparing;
mod judging;
mod planning;
mod proving;
mod publishing;
mod running;

use auscult_casefile::{Body, Header, Record};
use auscult_catalog::{Catalog, Requirement};
use auscult_checks::{AnyCheck, Covers, Meta, Side};
use auscult_facts::bench::{PermitBecause, PermitFacts};
use auscult_facts::ports::{PortState, PortsFacts};
use auscult_facts::service::ServiceFacts;
use auscult_facts::{Cost, Facts, Interrupted, Observation, Outcome, Scope, Subject, Target};
use auscult_model::assessment::{Assessment, Ruling};
use auscult_model::scenario::{Scenario, parse};
use auscult_model::{CheckId, Impact, Judgement, Message, NodeId, Pace, ServiceName, Severity, Verdict};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Evidence;
use crate::checks::Covering;

pub(crate) fn at() -> Timestamp {
    "2026-05-01T10:00:00Z".parse().unwrap()
}

pub(crate) fn scenario(text: &str) -> Scenario {
    parse(text).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// A requirement with the members given; the others are those of one that applies to everything.
pub(crate) fn requirement(id: &str, members: Value) -> Requirement {
    let mut whole = json!({
        "id": id, "area": id.split('-').next(), "title": "t", "intent": "i",
        "roles": ["device", "gateway", "network", "cloud", "process"],
        "tests": ["probe"], "automation": "auto",
        "applies": {"homecare": "MMMM", "integrated-care": "MMMM"},
        "remedy": "r",
        "aspects": [{"id": "a", "title": "t", "by": "check"}],
        "cites": [{"framework": "f", "clause": "1", "verified": true}],
    });
    for (key, value) in members.as_object().unwrap() {
        whole[key] = value.clone();
    }
    serde_json::from_value(whole).unwrap()
}

pub(crate) fn catalog(requirements: impl IntoIterator<Item = Requirement>) -> Catalog {
    Catalog {
        version: "test".to_owned(),
        requirements: requirements.into_iter().map(|r| (r.id.clone(), r)).collect(),
        frameworks: Default::default(),
        perimeter: Vec::new(),
    }
}

/// A check whose verdict the facts state.
struct Stated {
    meta: Meta,
    kind: &'static str,
    scope: Scope,
    side: Side,
    only_with_flows: bool,
}

impl AnyCheck for Stated {
    fn meta(&self) -> &'static Meta {
        // The check itself is leaked, so that its metadata lives as long as a real one's.
        Box::leak(Box::new(Meta {
            id: self.meta.id.clone(),
            covers: self.meta.covers,
            severity: self.meta.severity,
            impact: self.meta.impact,
            text: "",
        }))
    }
    fn kind(&self) -> &'static str {
        self.kind
    }
    fn side(&self) -> Side {
        self.side
    }
    fn selects(&self, subject: &Subject) -> bool {
        let flows = subject.service.as_ref().is_some_and(|s| !s.flows.is_empty());
        self.scope.holds(subject) && (flows || !self.only_with_flows)
    }
    fn judge(&self, facts: &Value, _: &Subject) -> Result<Judgement, serde_json::Error> {
        let because = Message::new("engine.by-hand");
        let stated = String::deserialize(&facts[self.kind])?;
        Ok(match stated.as_str() {
            "pass" => Judgement::pass(because),
            "fail" => Judgement::fail(because),
            "panic" => panic!("a check that falls over"),
            _ => Judgement::inconclusive(because),
        })
    }
}

use serde::Deserialize;

/// A check of that id on that kind of facts.
pub(crate) fn check(
    id: &'static str,
    covers: &[(&'static str, &'static str)],
    kind: &'static str,
    scope: Scope,
) -> &'static dyn AnyCheck {
    stated(id, covers, kind, scope, Side::Own, Severity::High)
}

pub(crate) fn stated(
    id: &'static str,
    covers: &[(&'static str, &'static str)],
    kind: &'static str,
    scope: Scope,
    side: Side,
    severity: Severity,
) -> &'static dyn AnyCheck {
    let covers: Vec<Covers> = covers.iter().map(|(r, a)| Covers::new(r, a)).collect();
    let meta = Meta { id: CheckId::new(id), covers: covers.leak(), severity, impact: Impact::Safe, text: "" };
    Box::leak(Box::new(Stated {
        meta,
        kind,
        scope,
        side,
        only_with_flows: matches!(side, Side::Caller | Side::Both),
    }))
}

pub(crate) fn covering(checks: &[&'static dyn AnyCheck]) -> Covering {
    Covering::of(checks)
}

/// Evidence in the making.
#[derive(Clone, Default)]
pub(crate) struct Found(pub(crate) Vec<Observation>);

impl Found {
    pub(crate) fn add(&mut self, node: &str, service: Option<&str>, kind: &str, outcome: Outcome) {
        self.0.push(Observation {
            kind: kind.to_owned(),
            observer: "test".to_owned(),
            target: Target {
                node: NodeId::from(node),
                service: service.map(ServiceName::from),
                address: None,
            },
            impact: Impact::Intrusive,
            outcome,
            cost: Cost::default(),
        });
    }

    pub(crate) fn facts<F: Facts>(&mut self, node: &str, service: Option<&str>, facts: &F) {
        self.add(node, service, F::KIND, Outcome::Seen(serde_json::to_value(facts).unwrap()));
    }

    pub(crate) fn stated(&mut self, node: &str, service: Option<&str>, kind: &str, verdict: &str) {
        self.add(node, service, kind, Outcome::Seen(json!({ kind: verdict })));
    }

    pub(crate) fn interrupted(&mut self, node: &str, service: Option<&str>, kind: &str, why: Interrupted) {
        self.add(node, service, kind, Outcome::Interrupted(why));
    }

    /// Permit and a complete sweep with these ports open.
    pub(crate) fn swept(&mut self, node: &str, open: &[u16]) {
        self.permit(node, Impact::Intrusive, PermitBecause::Authorised);
        self.facts(
            node,
            None,
            &PortsFacts {
                asked: vec![(1, 65_535)],
                states: open.iter().map(|p| (*p, PortState::Open)).collect(),
                closed: 65_535 - open.len() as u32,
                filtered: 0,
                of_host: Vec::new(),
            },
        );
    }

    pub(crate) fn permit(&mut self, node: &str, allowed: Impact, because: PermitBecause) {
        let facts = PermitFacts { allowed, because, pace: Pace::Bench, connections: 9, packets: 99 };
        self.facts(node, None, &facts);
    }

    pub(crate) fn service(
        &mut self,
        node: &str,
        service: &str,
        state: PortState,
        tls: bool,
        protocol: Option<&str>,
    ) {
        let facts: ServiceFacts =
            serde_json::from_value(json!({"state": state, "tls": tls, "protocol": protocol})).unwrap();
        self.facts(node, Some(service), &facts);
    }

    pub(crate) fn evidence(&self) -> Evidence {
        let mut evidence = Evidence::default();
        let header = Header {
            schema: auscult_casefile::SCHEMA.to_owned(),
            scenario: "sha256:s".to_owned(),
            catalog: "sha256:c".to_owned(),
            files: Default::default(),
        };
        let bodies = std::iter::once(Body::Opened(header))
            .chain(self.0.iter().map(|o| Body::Observation(serde_json::to_value(o).unwrap())));
        for (seq, body) in bodies.enumerate() {
            let digest = format!("sha256:{seq}");
            evidence.add(Record { seq: seq as u64, prev: String::new(), at: at(), body, digest });
        }
        evidence
    }
}

pub(crate) fn ruling<'a>(assessment: &'a Assessment, requirement: &str, node: &str) -> &'a Ruling {
    let mut rulings = assessment.rulings.iter();
    rulings
        .find(|r| r.requirement.as_str() == requirement && r.node.as_str() == node)
        .unwrap_or_else(|| panic!("no ruling on {requirement} × {node}"))
}

pub(crate) fn verdict(assessment: &Assessment, requirement: &str, node: &str) -> Verdict {
    ruling(assessment, requirement, node).verdict
}
