//! A VNC server shows its screen to anybody.

use auscult_facts::Subject;
use auscult_facts::vnc::VncFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct NoAuthentication;

impl Check for NoAuthentication {
    const META: Meta = Meta {
        id: CheckId::new("vnc-no-authentication"),
        covers: &[Covers::new("AUT-03", "vnc")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = VncFacts;

    fn judge(facts: &VncFacts, _: &Subject) -> Judgement {
        let security = match said(&facts.security) {
            Ok(security) => security,
            Err(unknown) => return unknown,
        };
        let vencrypt = facts.vencrypt.seen();
        let without: Vec<String> = security
            .iter()
            .filter(|kind| **kind == VncFacts::NONE)
            .map(u8::to_string)
            .chain(vencrypt.into_iter().flatten().filter(|kind| WITHOUT.contains(kind)).map(u32::to_string))
            .collect();
        let message = |id: &str, types: Vec<String>| Message::new(id).with_list("types", types);
        if !without.is_empty() {
            return Judgement::fail(message("open", without));
        }
        if security.contains(&VncFacts::VENCRYPT)
            && let Err(unknown) = said(&facts.vencrypt)
        {
            return unknown;
        }
        let unknown: Vec<String> = security
            .iter()
            .filter(|kind| !ASKING.contains(kind))
            .map(u8::to_string)
            .chain(
                vencrypt
                    .into_iter()
                    .flatten()
                    .filter(|kind| !ASKING_INSIDE.contains(kind))
                    .map(u32::to_string),
            )
            .collect();
        if !unknown.is_empty() {
            return Judgement::inconclusive(message("unknown", unknown));
        }
        if security.is_empty() {
            return Judgement::inconclusive(Message::new("none"));
        }
        Judgement::pass(message("asks", security.iter().map(u8::to_string).collect()))
    }
}

/// Subtypes of VeNCrypt without any proof: inside TLS with and without certificate.
const WITHOUT: [u32; 2] = [257, 260];

/// Types that ask for a password, an account or a key: VNC's own, RealVNC's, VeNCrypt (by its subtypes), SASL, Apple's,
/// and those of Windows logins.
const ASKING: [u8; 11] = [2, 5, 6, 13, 19, 20, 30, 113, 114, 129, 130];

/// The same for subtypes of VeNCrypt.
const ASKING_INSIDE: [u32; 7] = [256, 258, 259, 261, 262, 263, 264];
