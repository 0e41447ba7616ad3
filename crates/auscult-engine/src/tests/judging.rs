//! Roll-up is honest, deterministic and explained.

use auscult_checks::{AnyCheck, Side};
use auscult_facts::bench::PermitBecause;
use auscult_facts::liveness::LivenessFacts;
use auscult_facts::ports::PortState;
use auscult_facts::{Interrupted, Scope};
use auscult_model::assessment::Assessment;
use auscult_model::{Impact, Severity, Verdict};
use serde_json::json;

use super::{Found, catalog, check, covering, requirement, ruling, scenario, stated, verdict};
use crate::case::to_json;
use crate::judge::judge_with;
use crate::{Outcome, outcome};

const WORLD: &str = r#"
title = "small"
stage = "target"
setting = "homecare"
[authorisation]
by = "lab"
until = 2027-01-01
impact = "intrusive"
[device.pump]
class = "II"
legacy = true
behind = "hub"
address = "127.10.0.1"
services = [{ name = "mllp", port = 2575, protocol = "hl7-mllp" }]
[gateway.hub]
class = "II"
address = "127.10.0.2"
services = [{ name = "web", port = 443, protocol = "http", tls = true }, { name = "mllp", port = 2575, protocol = "hl7-mllp" }]
[cloud.platform]
class = "II"
address = "127.10.0.3"
services = [{ name = "broker", port = 8883, protocol = "mqtt", tls = true }]
[network.cable]
kind = "direct-cable"
[[flow]]
from = "pump"
to = "hub/mllp"
data = ["therapy"]
over = ["cable"]
[[flow]]
from = "hub"
to = "pump/mllp"
data = ["therapy"]
over = ["cable"]
[[flow]]
from = "hub"
to = "platform/broker"
data = ["therapy"]
"#;

fn checks() -> Vec<&'static dyn AnyCheck> {
    vec![
        check("ports-undeclared", &[("SRV-01", "undeclared")], "swept", Scope::Node),
        check("tls-old", &[("TLS-02", "versions")], "tls-says", Scope::Tls),
        check("tls-weak", &[("TLS-02", "keys")], "tls-says", Scope::Tls),
        check("hl7-clear", &[("MED-02", "clear")], "hl7-says", Scope::Protocols(&["hl7-mllp"])),
        check("mqtt-open", &[("MSG-01", "open")], "mqtt-says", Scope::Protocols(&["mqtt"])),
        check("http-open", &[("MSG-01", "web")], "http-says", Scope::Protocols(&["http"])),
        stated("wrapped", &[("GWY-02", "wrapped")], "far", Scope::EveryService, Side::Caller, Severity::High),
    ]
}

fn requirements() -> auscult_catalog::Catalog {
    let by = |ids: &[&str]| {
        let aspects: Vec<_> = ids.iter().map(|id| json!({"id": id, "title": "t", "by": "check"})).collect();
        json!(aspects)
    };
    catalog([
        requirement(
            "SRV-01",
            json!({"roles": ["device", "gateway", "cloud"], "aspects": by(&["undeclared"])}),
        ),
        requirement("TLS-02", json!({"aspects": by(&["versions", "keys"])})),
        requirement(
            "MED-02",
            json!({"gateway_may_wrap": true, "aspects": by(&["clear"]), "condition": {"protocols": ["hl7-mllp"]}}),
        ),
        requirement("MSG-01", json!({"roles": ["cloud", "gateway"], "aspects": by(&["open", "web"])})),
        requirement("GWY-02", json!({"roles": ["gateway"], "aspects": by(&["wrapped"])})),
    ])
}

/// Everything seen, everything good.
fn good() -> Found {
    let mut found = Found::default();
    for (node, open) in [("pump", &[2575][..]), ("hub", &[443, 2575]), ("platform", &[8883])] {
        found.swept(node, open);
        found.stated(node, None, "swept", "pass");
    }
    for (node, service, tls, protocol, kinds) in [
        ("pump", "mllp", false, "hl7-mllp", &["hl7-says"][..]),
        ("hub", "mllp", false, "hl7-mllp", &["hl7-says"]),
        ("hub", "web", true, "http", &["tls-says", "http-says"]),
        ("platform", "broker", true, "mqtt", &["tls-says", "mqtt-says"]),
    ] {
        found.service(node, service, PortState::Open, tls, Some(protocol));
        for kind in kinds {
            found.stated(node, Some(service), kind, "pass");
        }
        found.stated(node, Some(service), "far", "pass");
    }
    found
}

fn judged(found: &Found) -> Assessment {
    judge_with(&scenario(WORLD), &requirements(), &found.evidence(), &covering(&checks()))
}

fn passes(assessment: &Assessment) -> Vec<(String, String)> {
    let passed = assessment.rulings.iter().filter(|r| r.verdict == Verdict::Pass);
    passed.map(|r| (r.requirement.to_string(), r.node.to_string())).collect()
}

/// The same evidence with the stated facts of one kind changed.
fn with(node: &str, service: &str, kind: &str, stated: &str) -> Found {
    let mut found = good();
    found.stated(node, Some(service), kind, stated);
    found
}

#[test]
fn everything_good_passes_where_there_is_something_to_look_at() {
    let assessment = judged(&good());
    for (requirement, node) in [
        ("SRV-01", "pump"),
        ("SRV-01", "platform"),
        ("TLS-02", "hub"),
        ("TLS-02", "platform"),
        ("MED-02", "pump"),
        ("MSG-01", "hub"),
        ("MSG-01", "platform"),
        ("GWY-02", "hub"),
    ] {
        let ruling = ruling(&assessment, requirement, node);
        assert_eq!(ruling.verdict, Verdict::Pass, "{requirement} {node}: {}", ruling.reason.because);
        assert!(ruling.trials.iter().any(|t| t.verdict == Verdict::Pass));
        assert!(ruling.trials.iter().all(|t| t.evidence.is_some()));
    }
    // Without TLS on any port there is nothing to try, and that is no pass.
    let nothing = ruling(&assessment, "TLS-02", "pump");
    assert_eq!(nothing.verdict, Verdict::Inconclusive);
    assert!(nothing.reason.because.contains("nothing that it could be tried on"), "{:?}", nothing.reason);
    assert_eq!(assessment.verdict, Verdict::Inconclusive);
    assert_eq!((assessment.coverage.targets_selected, assessment.coverage.targets_observed), (7, 7));
}

#[test]
fn taking_any_observation_away_never_makes_a_pass() {
    let before = passes(&judged(&good()));
    let all = good();
    for n in 0..all.0.len() {
        let mut less = all.clone();
        let taken = less.0.remove(n);
        let after = judged(&less);
        for pass in passes(&after) {
            assert!(before.contains(&pass), "{pass:?} appeared without {taken:?}");
        }
        for ruling in after.rulings.iter().filter(|r| r.verdict == Verdict::Pass) {
            assert!(ruling.trials.iter().any(|t| t.verdict == Verdict::Pass));
        }
    }
}

#[test]
fn taking_the_network_away_from_a_service_leaves_its_rulings_undecided() {
    let before = passes(&judged(&good()));
    for (node, service) in [("pump", "mllp"), ("hub", "web"), ("hub", "mllp"), ("platform", "broker")] {
        for state in [Some(PortState::Closed), Some(PortState::Filtered), None] {
            let mut found = good();
            found.0.retain(|o| {
                !(o.target.node.as_str() == node
                    && o.target.service.as_ref().is_some_and(|s| s.as_str() == service))
            });
            if let Some(state) = state {
                found.service(node, service, state, false, None);
            }
            let after = judged(&found);
            for pass in passes(&after) {
                assert!(before.contains(&pass), "{pass:?} appeared without {node}/{service}");
            }
            for ruling in &after.rulings {
                let target = format!("{node}/{service}");
                if ruling.trials.iter().any(|t| t.target == target) {
                    assert_ne!(ruling.verdict, Verdict::Pass, "{} {}", ruling.requirement, ruling.node);
                }
            }
            assert!(
                after.not_tested.iter().any(|t| t.target.as_deref() == Some(&*format!("{node}/{service}"))),
                "{node}/{service} {state:?}"
            );
        }
    }
}

#[test]
fn whatever_comes_in_between_is_undecided_with_reason_and_next_step() {
    use Interrupted::*;
    for why in [
        Closed,
        Unreachable,
        TimedOut,
        AccessRefused,
        NotUnderstood,
        NotAuthorised,
        BudgetSpent,
        SafetyStop,
        BeyondInstrument,
        InstrumentFault,
    ] {
        let mut found = good();
        found.interrupted("platform", Some("broker"), "mqtt-says", why);
        let assessment = judged(&found);
        assert_eq!(verdict(&assessment, "MSG-01", "platform"), Verdict::Inconclusive, "{why:?}");
        let open = assessment.not_tested.iter().find(|t| t.requirement.as_str() == "MSG-01").unwrap();
        assert!(open.next.len() > 20 && !open.next.starts_with('['), "{why:?}: {}", open.next);
        assert!(!open.reason.because.starts_with('['), "{}", open.reason.because);
    }
}

#[test]
fn one_fail_fails_and_says_which() {
    let assessment = judged(&with("hub", "web", "tls-says", "fail"));
    let ruling = ruling(&assessment, "TLS-02", "hub");
    assert_eq!((ruling.verdict, ruling.severity), (Verdict::Fail, Some(Severity::High)));
    let finding = ruling.trials[0].finding.as_ref().unwrap();
    assert_eq!(finding.as_str().len(), 12);
    let again = judged(&with("hub", "web", "tls-says", "fail"));
    assert_eq!(super::ruling(&again, "TLS-02", "hub").trials[0].finding.as_ref(), Some(finding));
    assert_eq!(assessment.rulings[0].requirement.as_str(), "TLS-02");
    assert_eq!(outcome(&assessment, Severity::High), Outcome::Failed);
    assert_eq!(outcome(&assessment, Severity::Critical), Outcome::Inconclusive);
}

#[test]
fn a_recommendation_fails_one_step_milder() {
    let mut catalog = requirements();
    let tls = catalog.requirements.get_mut("TLS-02").unwrap();
    tls.applies.homecare = "RRRR".to_owned();
    let found = with("hub", "web", "tls-says", "fail");
    let assessment = judge_with(&scenario(WORLD), &catalog, &found.evidence(), &covering(&checks()));
    let ruling = ruling(&assessment, "TLS-02", "hub");
    assert_eq!((ruling.verdict, ruling.severity), (Verdict::Fail, Some(Severity::Medium)));
    assert_eq!(ruling.trials[0].severity, Some(Severity::Medium));
}

#[test]
fn legacy_equipment_passes_only_with_a_gateway_shown_to_wrap_it() {
    let wrapped = judged(&with("pump", "mllp", "hl7-says", "fail"));
    let ruling_of = |a: &Assessment| ruling(a, "MED-02", "pump").clone();
    let pass = ruling_of(&wrapped);
    assert_eq!((pass.verdict, pass.severity), (Verdict::Pass, None));
    assert_eq!(pass.only_with.as_ref().unwrap().as_str(), "hub");
    assert_eq!(pass.trials[0].verdict, Verdict::Fail, "what was seen is not changed");
    assert!(pass.reason.because.contains("only together with hub"), "{}", pass.reason.because);

    for stated in ["fail", "unknown"] {
        let mut found = with("pump", "mllp", "hl7-says", "fail");
        found.stated("platform", Some("broker"), "far", stated);
        let not = ruling_of(&judged(&found));
        assert_eq!((not.verdict, not.only_with), (Verdict::Fail, None), "{stated}");
    }
    let mut unseen = with("pump", "mllp", "hl7-says", "fail");
    unseen.0.retain(|o| o.kind != "far");
    assert_eq!(ruling_of(&judged(&unseen)).verdict, Verdict::Fail);

    // Over a network that others are on, or on a service that no flow explains, nothing is wrapped.
    let found = with("pump", "mllp", "hl7-says", "fail");
    for open in
        [WORLD.replace("direct-cable", "wifi"), WORLD.replace("to = \"pump/mllp\"", "to = \"hub/web\"")]
    {
        let assessment =
            judge_with(&scenario(&open), &requirements(), &found.evidence(), &covering(&checks()));
        assert_eq!(verdict(&assessment, "MED-02", "pump"), Verdict::Fail);
    }

    // A gateway that is itself no legacy equipment is not excused by itself.
    let own = judged(&with("hub", "mllp", "hl7-says", "fail"));
    assert_eq!(verdict(&own, "MED-02", "hub"), Verdict::Fail);
}

#[test]
fn a_gateway_does_not_make_up_for_what_was_not_seen() {
    let mut catalog = requirements();
    catalog.requirements.get_mut("MED-02").unwrap().aspects.push(
        serde_json::from_value(json!({"id": "hand", "title": "t", "by": "hand", "step": "look"})).unwrap(),
    );
    let found = with("pump", "mllp", "hl7-says", "fail");
    let assessment = judge_with(&scenario(WORLD), &catalog, &found.evidence(), &covering(&checks()));
    let ruling = ruling(&assessment, "MED-02", "pump");
    assert_eq!(ruling.verdict, Verdict::Inconclusive);
    assert!(ruling.only_with.is_some());
}

#[test]
fn what_a_person_has_to_do_keeps_a_ruling_open() {
    let mut catalog = requirements();
    let aspects = &mut catalog.requirements.get_mut("SRV-01").unwrap().aspects;
    aspects.push(
        serde_json::from_value(json!({"id": "hand", "title": "t", "by": "hand", "step": "ask the maker"}))
            .unwrap(),
    );
    aspects.push(serde_json::from_value(json!({"id": "none", "title": "t", "by": "check"})).unwrap());
    let assessment = judge_with(&scenario(WORLD), &catalog, &good().evidence(), &covering(&checks()));
    assert_eq!(verdict(&assessment, "SRV-01", "pump"), Verdict::Inconclusive);
    let open: Vec<_> = assessment
        .not_tested
        .iter()
        .filter(|t| t.requirement.as_str() == "SRV-01" && t.node.as_str() == "pump")
        .collect();
    assert_eq!(open.len(), 2);
    assert!(open[0].by_hand && open[0].next == "ask the maker");
    assert!(open[1].reason.because.contains("no check"));
}

#[test]
fn a_sweep_that_is_not_complete_leaves_occasions_open() {
    let mut found = good();
    found.0.retain(|o| !(o.target.node.as_str() == "pump" && o.kind == "ports"));
    let assessment = judged(&found);
    let ruling = ruling(&assessment, "TLS-02", "pump");
    assert_eq!(ruling.verdict, Verdict::Inconclusive);
    assert!(ruling.reason.because.contains("not everything that is open is known"), "{:?}", ruling.reason);
}

#[test]
fn a_port_that_was_not_recognised_may_hide_anything() {
    let mut found = good();
    found.swept("pump", &[2575, 9999]);
    let before = judged(&found);
    assert!(ruling(&before, "TLS-02", "pump").reason.because.contains("not everything"));
    found.service("pump", "tcp-9999", PortState::Open, false, Some("telnet"));
    let after = judged(&found);
    assert!(ruling(&after, "TLS-02", "pump").reason.because.contains("nothing that it could"));
    let pump = after.nodes.iter().find(|n| n.id.as_str() == "pump").unwrap();
    let undeclared = pump.services.iter().find(|s| s.name.as_str() == "tcp-9999").unwrap();
    assert_eq!((undeclared.declared, &*undeclared.state), (false, "open"));
}

#[test]
fn an_undeclared_broker_makes_its_requirements_apply() {
    let mut found = good();
    found.swept("platform", &[8883, 2575]);
    found.service("platform", "tcp-2575", PortState::Open, false, Some("hl7-mllp"));
    found.stated("platform", Some("tcp-2575"), "hl7-says", "fail");
    assert_eq!(verdict(&judged(&found), "MED-02", "platform"), Verdict::Fail);
}

#[test]
fn a_later_record_takes_the_place_of_an_earlier_one() {
    let mut found = with("hub", "web", "tls-says", "fail");
    found.stated("hub", Some("web"), "tls-says", "pass");
    assert_eq!(verdict(&judged(&found), "TLS-02", "hub"), Verdict::Pass);
    found.interrupted("hub", Some("web"), "tls-says", Interrupted::Unreachable);
    assert_eq!(verdict(&judged(&found), "TLS-02", "hub"), Verdict::Inconclusive);
}

#[test]
fn a_check_that_falls_over_takes_only_itself_down() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let assessment = judged(&with("hub", "web", "tls-says", "panic"));
    std::panic::set_hook(hook);
    assert_eq!(verdict(&assessment, "TLS-02", "hub"), Verdict::Inconclusive);
    assert_eq!(verdict(&assessment, "TLS-02", "platform"), Verdict::Pass);
}

#[test]
fn facts_of_another_version_are_undecided() {
    let mut found = good();
    let other = auscult_facts::Outcome::Seen(json!({"tls-says": 7}));
    found.add("hub", Some("web"), "tls-says", other);
    let assessment = judged(&found);
    assert!(ruling(&assessment, "TLS-02", "hub").reason.because.contains("another version"));
}

#[test]
fn without_a_permit_everything_is_undecided_and_says_how_to_get_one() {
    for (because, hint) in [
        (PermitBecause::NoAuthorisation, "[authorisation]"),
        (PermitBecause::Expired, "renewed"),
        (PermitBecause::NoAddress, "address"),
        (PermitBecause::Asked, "--impact"),
    ] {
        let mut found = Found::default();
        for node in ["pump", "hub", "platform", "cable"] {
            found.permit(node, Impact::Passive, because);
        }
        let assessment = judged(&found);
        assert!(assessment.rulings.iter().all(|r| r.verdict == Verdict::Inconclusive));
        assert!(
            assessment.not_tested.iter().all(|t| t.next.contains(hint) || t.next.contains("deny")),
            "{hint}: {:#?}",
            assessment.not_tested
        );
        assert_eq!(outcome(&assessment, Severity::Low), Outcome::Inconclusive);
    }
    let nothing = judged(&Found::default());
    assert!(nothing.rulings.iter().all(|r| r.verdict == Verdict::Inconclusive));
}

#[test]
fn a_safety_stop_comes_before_everything() {
    let mut found = with("hub", "web", "tls-says", "fail");
    found.facts(
        "pump",
        None,
        &serde_json::from_value::<LivenessFacts>(
            json!({"asked": 3, "missed": 2, "slowest_millis": 9, "stopped": true}),
        )
        .unwrap(),
    );
    let assessment = judged(&found);
    assert_eq!(outcome(&assessment, Severity::High), Outcome::SafetyStop);
    assert!(assessment.safety[0].stopped.as_ref().unwrap().because.contains("missed 2 questions"));
}

#[test]
fn when_nothing_answers_that_is_said() {
    let mut found = Found::default();
    for node in ["pump", "hub", "platform"] {
        found.permit(node, Impact::Safe, PermitBecause::Authorised);
        found.interrupted(node, None, "ports", Interrupted::Unreachable);
        found.interrupted(node, None, "swept", Interrupted::Unreachable);
    }
    let assessment = judged(&found);
    assert_eq!(outcome(&assessment, Severity::High), Outcome::NothingAnswered);
    let broker = ruling(&assessment, "MSG-01", "platform");
    assert!(broker.reason.because.contains("nothing answered"), "{:?}", broker.reason);
}

#[test]
fn a_flow_that_names_no_service_is_undecided_not_forgotten() {
    let text = WORLD
        .replace(
            "services = [{ name = \"broker\"",
            "services = [{ name = \"web\", port = 1, protocol = \"http\" }, { name = \"broker\"",
        )
        .replace("to = \"platform/broker\"", "to = \"platform\"");
    let assessment = judge_with(&scenario(&text), &requirements(), &good().evidence(), &covering(&checks()));
    let ruling = ruling(&assessment, "GWY-02", "hub");
    assert_eq!(ruling.verdict, Verdict::Inconclusive);
    assert!(ruling.reason.because.contains("without saying at which service"));
}

#[test]
fn a_service_on_udp_is_undecided() {
    let text = WORLD.replace("protocol = \"mqtt\", tls = true", "protocol = \"mqtt\", transport = \"udp\"");
    let assessment = judge_with(&scenario(&text), &requirements(), &good().evidence(), &covering(&checks()));
    assert!(ruling(&assessment, "MSG-01", "platform").reason.because.contains("UDP"));
}

#[test]
fn the_same_evidence_gives_the_same_bytes_in_any_order_of_records() {
    let mut found = with("hub", "web", "tls-says", "fail");
    let one = to_json(&judged(&found));
    assert_eq!(one, to_json(&judged(&found)));
    // The stated fault came last and must stay last; everything before it may come in any order.
    let last = found.0.pop().unwrap();
    found.0.retain(|o| (&o.kind, &o.target) != (&last.kind, &last.target));
    found.0.reverse();
    found.0.push(last);
    let mut other = judged(&found);
    let mut before = judged(&with("hub", "web", "tls-says", "fail"));
    for assessment in [&mut other, &mut before] {
        assessment.evidence.head.clear();
        assessment.evidence.records = 0;
        for trial in assessment.rulings.iter_mut().flat_map(|r| &mut r.trials) {
            trial.evidence = None;
        }
    }
    assert_eq!(to_json(&other), to_json(&before));
}

#[test]
fn every_word_has_its_text() {
    let words = auscult_text::Catalogue::english(&crate::texts().collect::<Vec<_>>());
    for line in include_str!("../../text/en.ftl").lines() {
        if let Some((id, _)) = line.split_once(" = ")
            && !id.starts_with([' ', '#'])
        {
            assert!(words.has(&format!("engine.{id}")), "{id}");
        }
    }
}

#[test]
fn every_check_decides_an_aspect_that_the_catalog_leaves_to_checks() {
    let catalog = auscult_catalog::Catalog::embedded();
    for check in auscult_checks::all() {
        for covers in check.meta().covers {
            let aspect = catalog
                .get(covers.requirement.as_str())
                .and_then(|r| r.aspects.iter().find(|a| a.id == covers.aspect))
                .unwrap_or_else(|| panic!("{} covers {covers:?}, which is not there", check.meta().id));
            assert_eq!(aspect.by, auscult_catalog::By::Check, "{} {covers:?}", check.meta().id);
        }
    }
}

#[test]
fn with_the_checks_of_this_release_nothing_seen_is_nothing_passed() {
    let scenario = scenario(WORLD);
    let catalog = auscult_catalog::Catalog::embedded();
    let mut only_swept = Found::default();
    for node in ["pump", "hub", "platform"] {
        only_swept.permit(node, Impact::Intrusive, PermitBecause::Authorised);
    }
    for found in [Found::default(), only_swept] {
        let assessment = crate::judge(&scenario, &catalog, &found.evidence());
        assert!(!assessment.rulings.is_empty());
        assert_eq!(passes(&assessment), []);
        assert_eq!(assessment.coverage.failed, 0);
        assert!(assessment.not_tested.iter().all(|t| !t.next.is_empty()));
    }
}
