//! The certificate of a TLS service has a key that is too short.

use auscult_facts::Subject;
use auscult_facts::tls::TlsFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, RiskClass, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct WeakKey;

impl Check for WeakKey {
    const META: Meta = Meta {
        id: CheckId::new("tls-weak-key"),
        covers: &[Covers::new("TLS-03", "key-size")],
        severity: Severity::Medium,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, subject: &Subject) -> Judgement {
        let chain = match said(&facts.chain) {
            Ok(chain) => chain,
            Err(unknown) => return unknown,
        };
        let Some(own) = chain.first() else {
            return Judgement::inconclusive(Message::new("no-certificate"));
        };
        let least = match own.key_algorithm.as_str() {
            "rsa" if subject.class >= RiskClass::III => LEAST_RSA_STRICT,
            "rsa" => LEAST_RSA,
            "ec" => LEAST_EC,
            // Its size is fixed.
            "ed25519" => 0,
            other => return Judgement::inconclusive(Message::new("unknown").with("algorithm", other)),
        };
        let message = |id: &str| {
            let algorithm = own.key_algorithm.to_uppercase();
            Message::new(id).with("algorithm", algorithm).with("bits", own.key_bits).with("least", least)
        };
        if own.key_bits < least {
            Judgement::fail(message("short"))
        } else {
            Judgement::pass(message("long"))
        }
    }
}

/// Least size of an RSA key, in bits.
const LEAST_RSA: u32 = 2048;

/// The same for class III and IV.
const LEAST_RSA_STRICT: u32 = 3000;

/// Least size of a key on a curve, in bits.
const LEAST_EC: u32 = 256;
