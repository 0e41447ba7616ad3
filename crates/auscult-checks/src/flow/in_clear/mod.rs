//! Sensitive data is declared to flow into a service that speaks in clear.

use std::collections::BTreeSet;

use auscult_facts::ports::PortState;
use auscult_facts::service::ServiceFacts;
use auscult_facts::{FlowInto, Interrupted, Subject};
use auscult_model::{CheckId, DataClass, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, Side, interrupted};

/// See the first line of the module.
pub struct InClear;

impl Check for InClear {
    const META: Meta = Meta {
        id: CheckId::new("flow-in-clear"),
        covers: &[Covers::new("TLS-01", "flows-protected")],
        severity: Severity::High,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = ServiceFacts;
    const SIDE: Side = Side::Both;

    fn concerns(subject: &Subject) -> bool {
        let leaves = |flow: &FlowInto| flow.is_sensitive() && !flow.is_local();
        subject.service.as_ref().is_some_and(|service| service.flows.iter().any(leaves))
    }

    fn judge(facts: &ServiceFacts, subject: &Subject) -> Judgement {
        match facts.state {
            PortState::Open => {}
            PortState::Closed => return Judgement::inconclusive(interrupted(Interrupted::Closed)),
            PortState::Filtered => return Judgement::inconclusive(interrupted(Interrupted::Unreachable)),
        }
        let flows =
            || subject.service.iter().flat_map(|s| &s.flows).filter(|f| f.is_sensitive() && !f.is_local());
        let data: BTreeSet<DataClass> =
            flows().flat_map(|f| &f.data).copied().filter(|class| class.is_sensitive()).collect();
        let from: BTreeSet<&str> = flows().map(|f| f.from.as_str()).collect();
        let message = |id: &str| Message::new(id).with_list("data", &data).with_list("from", &from);
        match (facts.tls, facts.protocol.as_deref()) {
            (Some(true), _) if facts.tls_unfinished => Judgement::inconclusive(Message::new("unfinished")),
            (Some(true), _) => Judgement::pass(message("protected")),
            (_, Some(word)) if OWN_ENCRYPTION.contains(&word) => {
                // It was told by its greeting, which anybody can send; no key exchange was seen.
                Judgement::inconclusive(Message::new("own-encryption").with("protocol", word))
            }
            (_, Some(word)) if MAY_SWITCH.contains(&word) => {
                Judgement::inconclusive(message("may-switch").with("protocol", word))
            }
            (Some(false), Some(word)) => Judgement::fail(message("clear").with("protocol", word)),
            (_, _) => Judgement::inconclusive(Message::new("unknown")),
        }
    }
}

/// Protocols that encrypt by themselves.
pub(crate) const OWN_ENCRYPTION: [&str; 1] = ["ssh"];

/// Protocols that begin in clear and may go over to encryption, or that can encrypt their messages.
pub(crate) const MAY_SWITCH: [&str; 9] =
    ["smtp", "imap", "pop3", "ftp", "postgresql", "mysql", "rdp", "opcua", "snmp"];
