//! A page counts for the node whose maker owes it, and who declares none has shown nothing.

use auscult_checks::Side;
use auscult_facts::Scope;
use auscult_facts::bench::PermitBecause;
use auscult_facts::ports::PortState;
use auscult_model::assessment::Assessment;
use auscult_model::{Impact, Severity, Verdict};
use jiff::Timestamp;
use serde_json::json;

use super::{Found, catalog, covering, requirement, ruling, scenario, stated, verdict};
use crate::judge::judge_with;
use crate::plan::PlanOptions;

const WORLD: &str = r#"
title = "small"
stage = "target"
setting = "homecare"
[authorisation]
by = "lab"
until = 2099-01-01
impact = "safe"
pace = "bench"
[process.maker]
class = "II"
address = "127.10.0.9"
services = [{ name = "website", port = 443, protocol = "http", tls = true }]
[device.cuff]
class = "II"
page = [{ kind = "support-period", on = "maker/website", path = "/bp-2" }]
[device.scale]
class = "II"
"#;

fn judged(found: &Found) -> Assessment {
    let aspects = json!([{"id": "published", "title": "t", "by": "check", "step": "Read it. Keep it."}]);
    let requirements = catalog([requirement("UPD-06", json!({"roles": ["device"], "aspects": aspects}))]);
    let check =
        stated("page-missing", &[("UPD-06", "published")], "says", Scope::Pages, Side::Owing, Severity::Low);
    judge_with(&scenario(WORLD), &requirements, &found.evidence(), &covering(&[check]))
}

fn seen(stated: &str) -> Found {
    let mut found = Found::default();
    found.swept("maker", &[443]);
    found.service("maker", "website", PortState::Open, true, Some("http"));
    found.stated("maker", Some("website"), "says", stated);
    for node in ["cuff", "scale"] {
        found.permit(node, Impact::Passive, PermitBecause::NoAddress);
    }
    found
}

#[test]
fn a_page_counts_for_the_node_whose_maker_owes_it() {
    for (stated, expected) in [("pass", Verdict::Pass), ("fail", Verdict::Fail), ("?", Verdict::Inconclusive)]
    {
        let assessment = judged(&seen(stated));
        assert_eq!(verdict(&assessment, "UPD-06", "cuff"), expected);
        let ruling = ruling(&assessment, "UPD-06", "cuff");
        assert_eq!(ruling.trials[0].target, "maker/website");
        assert_eq!(verdict(&assessment, "UPD-06", "scale"), Verdict::Inconclusive);
    }
}

#[test]
fn who_declares_no_page_has_shown_nothing_and_is_told_what_to_do() {
    let assessment = judged(&seen("pass"));
    let open: Vec<_> = assessment.not_tested.iter().filter(|n| n.node.as_str() == "scale").collect();
    assert_eq!(open.len(), 1);
    assert!(open[0].reason.because.contains("on which page"), "{:?}", open[0]);
    assert_eq!(open[0].next, "Read it. Keep it.");
}

#[test]
fn a_page_that_was_not_fetched_is_undecided() {
    for taken in ["says", "service"] {
        let mut found = seen("pass");
        found.0.retain(|o| o.kind != taken && o.kind != "says");
        assert_eq!(verdict(&judged(&found), "UPD-06", "cuff"), Verdict::Inconclusive, "without {taken}");
    }
    let mut left_out = seen("pass");
    left_out.0.retain(|o| o.target.node.as_str() != "maker");
    assert_eq!(verdict(&judged(&left_out), "UPD-06", "cuff"), Verdict::Inconclusive);
}

#[test]
fn pages_are_announced_for_the_node_on_which_they_stand() {
    let at: Timestamp = "2026-05-01T10:00:00Z".parse().unwrap();
    let costs = |text: &str| {
        let plan = crate::plan::plan(&scenario(text), &catalog([]), &PlanOptions::new(at));
        plan.nodes.iter().map(|n| (n.id.to_string(), n.packets)).collect::<Vec<_>>()
    };
    let without =
        WORLD.replace("page = [{ kind = \"support-period\", on = \"maker/website\", path = \"/bp-2\" }]", "");
    let (with, without) = (costs(WORLD), costs(&without));
    let page = auscult_probe::pages::bound(1).packets;
    assert!(page > 0);
    assert_eq!(with[0], ("maker".to_owned(), without[0].1 + page));
    assert_eq!(with[1..], without[1..]);
}
