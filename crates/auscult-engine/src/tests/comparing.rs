//! Two assessments side by side.

use auscult_facts::Scope;
use auscult_facts::ports::PortState;
use auscult_model::Severity;
use serde_json::json;

use super::{Found, catalog, check, covering, requirement, scenario};
use crate::judge::judge_with;
use crate::{Movement, Outcome, compare, outcome};

fn assessed(states: [Option<&str>; 3]) -> auscult_model::assessment::Assessment {
    let text = r#"
title = "three"
stage = "target"
setting = "homecare"
[device.a]
services = [{ name = "s", port = 1, protocol = "http" }]
[device.b]
services = [{ name = "s", port = 1, protocol = "http" }]
[device.c]
services = [{ name = "s", port = 1, protocol = "http" }]
"#;
    let mut found = Found::default();
    for (node, state) in ["a", "b", "c"].into_iter().zip(states) {
        found.swept(node, &[1]);
        found.service(node, "s", PortState::Open, false, Some("http"));
        if let Some(state) = state {
            found.stated(node, Some("s"), "k", state);
        }
    }
    let covering = covering(&[check("k-bad", &[("K-01", "a")], "k", Scope::Protocols(&["http"]))]);
    judge_with(&scenario(text), &catalog([requirement("K-01", json!({}))]), &found.evidence(), &covering)
}

#[test]
fn movements_are_named_and_ordered() {
    let before = assessed([Some("fail"), Some("pass"), Some("fail")]);
    let after = assessed([Some("pass"), Some("fail"), Some("fail")]);
    let diff = compare(&before, &after);
    let told: Vec<_> = diff.changes.iter().map(|c| (c.movement, c.node.as_str())).collect();
    assert_eq!(told, [(Movement::Broken, "b"), (Movement::StillFailing, "c"), (Movement::Mended, "a")]);
    let lost = compare(&before, &assessed([None, Some("pass"), Some("fail")]));
    assert_eq!(lost.changes[1].movement, Movement::NewlyInconclusive);
    assert_eq!(lost.counts[&Movement::StillPassing], 1);
    let json = serde_json::to_value(&lost).unwrap();
    assert_eq!(json["counts"]["newly-inconclusive"], 1);
    assert_eq!(json["changes"][1]["movement"], "newly-inconclusive");
}

#[test]
fn outcomes_follow_the_severity_that_counts() {
    let all_good = assessed([Some("pass"); 3]);
    assert_eq!(outcome(&all_good, Severity::Info), Outcome::Passed);
    let failing = assessed([Some("pass"), Some("fail"), Some("pass")]);
    assert_eq!(outcome(&failing, Severity::High).code(), 1);
    assert_eq!(outcome(&failing, Severity::Critical).code(), 0);
    let unseen = assessed([Some("pass"), None, Some("pass")]);
    assert_eq!(outcome(&unseen, Severity::High).code(), 3);
}
