//! A VNC session crosses the network unprotected.

use auscult_facts::Subject;
use auscult_facts::vnc::VncFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct InClear;

impl Check for InClear {
    const META: Meta = Meta {
        id: CheckId::new("vnc-in-clear"),
        covers: &[Covers::new("SRV-02", "cleartext-administration"), Covers::new("AUT-05", "vnc-login")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = VncFacts;

    fn judge(facts: &VncFacts, _: &Subject) -> Judgement {
        if facts.tls {
            return Judgement::pass(Message::new("tls"));
        }
        let security = match said(&facts.security) {
            Ok(security) => security,
            Err(unknown) => return unknown,
        };
        let vencrypt = facts.vencrypt.seen();
        let clear: Vec<String> = security
            .iter()
            .filter(|kind| CLEAR.contains(kind))
            .map(u8::to_string)
            .chain(vencrypt.into_iter().flatten().filter(|kind| **kind == PLAIN).map(u32::to_string))
            .collect();
        let message = |id: &str, types: Vec<String>| Message::new(id).with_list("types", types);
        if !clear.is_empty() {
            return Judgement::fail(message("clear", clear));
        }
        if security.contains(&VncFacts::VENCRYPT)
            && let Err(unknown) = said(&facts.vencrypt)
        {
            return unknown;
        }
        let unknown: Vec<String> = security
            .iter()
            .filter(|kind| !PROTECTED.contains(kind))
            .map(u8::to_string)
            .chain(
                vencrypt.into_iter().flatten().filter(|kind| !INSIDE_TLS.contains(kind)).map(u32::to_string),
            )
            .collect();
        if !unknown.is_empty() {
            return Judgement::inconclusive(message("unknown", unknown));
        }
        if security.is_empty() {
            return Judgement::inconclusive(Message::new("none"));
        }
        Judgement::pass(message("protected", security.iter().map(u8::to_string).collect()))
    }
}

/// Types that leave the session in clear: none, VNC's own, RealVNC's without encryption, Apple's, and Windows logins.
const CLEAR: [u8; 7] = [1, 2, 6, 30, 113, 114, 130];

/// Name and password in clear, a subtype of VeNCrypt.
const PLAIN: u32 = 256;

/// Types that encrypt: RealVNC's, and VeNCrypt (by its subtypes).
const PROTECTED: [u8; 4] = [5, 13, 19, 129];

/// Subtypes of VeNCrypt that begin with TLS.
const INSIDE_TLS: [u32; 8] = [257, 258, 259, 260, 261, 262, 263, 264];
