//! A certificate of a service is signed with a broken hash.

use std::collections::BTreeSet;

use auscult_facts::Subject;
use auscult_facts::tls::TlsFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct WeakSignature;

impl Check for WeakSignature {
    const META: Meta = Meta {
        id: CheckId::new("certificate-weak-signature"),
        covers: &[Covers::new("PKI-01", "signature")],
        severity: Severity::High,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, _: &Subject) -> Judgement {
        let chain = match said(&facts.chain) {
            Ok(chain) => chain,
            Err(unknown) => return unknown,
        };
        if chain.is_empty() {
            return Judgement::inconclusive(Message::new("no-certificate"));
        }
        // Nobody relies on the signature that an authority has put under itself.
        let signed = || chain.iter().enumerate().filter(|(i, c)| *i == 0 || !c.self_issued).map(|(_, c)| c);
        if let Some(weak) = signed().find(|c| BROKEN.iter().any(|hash| c.signature.contains(hash))) {
            let message =
                Message::new("broken").with("subject", &weak.subject).with("signature", &weak.signature);
            return Judgement::fail(message);
        }
        if let Some(unknown) = signed().find(|c| !is_known(&c.signature)) {
            let message = Message::new("unknown").with("signature", &unknown.signature);
            return Judgement::inconclusive(message);
        }
        let signatures: BTreeSet<&str> = signed().map(|c| c.signature.as_str()).collect();
        Judgement::pass(Message::new("sound").with_list("signatures", signatures))
    }
}

/// Hashes for which collisions can be made.
const BROKEN: [&str; 4] = ["md2", "md4", "md5", "sha1"];

/// Whether the facts name the algorithm; where they do not, they give its object identifier.
fn is_known(signature: &str) -> bool {
    ["sha2", "sha3", "sha5", "ed25519", "ed448"].iter().any(|part| signature.contains(part))
}
