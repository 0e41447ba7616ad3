//! Plans allow no more than is authorised, bound what they announce, and stay small for many nodes.

use std::collections::BTreeSet;
use std::fmt::Write;

use auscult_catalog::Catalog;
use auscult_facts::Scope;
use auscult_facts::bench::PermitBecause;
use auscult_model::{Impact, NodeId, Pace};
use auscult_probe::{Depth, Limits};
use serde_json::json;

use super::{at, catalog, check, covering, requirement, scenario};
use crate::field::Field;
use crate::plan::plan_for;
use crate::{Plan, PlanOptions, plan};

fn world(authorisation: &str) -> String {
    format!(
        r#"
title = "small"
stage = "target"
setting = "homecare"
{authorisation}
[device.cuff]
class = "II"
address = "127.10.0.1"
services = [{{ name = "web", port = 80, protocol = "http" }}, {{ name = "dtls", port = 5684, transport = "udp" }}]
[device.pump]
class = "III"
address = "127.10.0.2"
[device.worn]
class = "I"
in_use = true
address = "127.10.0.3"
[device.beside]
class = "I"
address = "127.10.0.3"
services = [{{ name = "web", port = 80, protocol = "http" }}]
[device.sensor]
class = "I"
[process.maker]
address = "127.10.0.9"
services = [{{ name = "web", port = 443, protocol = "http", tls = true }}]
"#
    )
}

const FULL: &str = "[authorisation]\nby = \"lab\"\nuntil = 2026-06-30\nimpact = \"intrusive\"\n";

fn made(authorisation: &str, change: impl FnOnce(&mut PlanOptions)) -> Plan {
    let mut options = PlanOptions::new(at());
    change(&mut options);
    plan(&scenario(&world(authorisation)), &catalog([]), &options)
}

fn permits(plan: &Plan) -> Vec<(&str, Impact, PermitBecause, Pace)> {
    plan.nodes.iter().map(|n| (n.id.as_str(), n.allowed, n.permit, n.pace)).collect()
}

#[test]
fn nothing_is_done_without_an_authorisation_that_holds() {
    let expired = FULL.replace("2026-06-30", "2026-04-30");
    for (authorisation, because) in
        [("", PermitBecause::NoAuthorisation), (&*expired, PermitBecause::Expired)]
    {
        let plan = made(authorisation, |_| {});
        assert!(plan.nodes.iter().all(|n| n.allowed == Impact::Passive && n.connections == 0));
        assert_eq!(plan.nodes[0].permit, because);
        assert_eq!(plan.totals.touched, 0);
        let untouched = plan.nodes[0].services[0].untouched.as_ref().unwrap();
        assert!(untouched.because.contains("no packet is sent"), "{untouched:?}");
    }
    let last_day = made(&FULL.replace("2026-06-30", "2026-05-01"), |_| {});
    assert_eq!(last_day.nodes[0].allowed, Impact::Intrusive);
}

#[test]
fn use_class_address_and_wish_narrow_what_is_authorised() {
    let plan = made(FULL, |_| {});
    assert_eq!(
        permits(&plan),
        [
            ("cuff", Impact::Intrusive, PermitBecause::Authorised, Pace::Bench),
            ("pump", Impact::Intrusive, PermitBecause::Authorised, Pace::Ward),
            ("worn", Impact::Touch, PermitBecause::InUse, Pace::Ward),
            // It shares the address of something that is on a patient.
            ("beside", Impact::Touch, PermitBecause::InUse, Pace::Ward),
            ("sensor", Impact::Passive, PermitBecause::NoAddress, Pace::Bench),
            ("maker", Impact::Intrusive, PermitBecause::Authorised, Pace::Ward),
        ]
    );
    let plan = made(FULL, |o| {
        o.impact = Some(Impact::Safe);
        o.nodes = Some(BTreeSet::from([NodeId::new("cuff"), NodeId::new("beside")]));
    });
    assert_eq!(
        permits(&plan).iter().map(|(_, allowed, because, _)| (*allowed, *because)).collect::<Vec<_>>(),
        [
            (Impact::Safe, PermitBecause::Asked),
            (Impact::Passive, PermitBecause::LeftOut),
            (Impact::Passive, PermitBecause::LeftOut),
            (Impact::Touch, PermitBecause::InUse),
            (Impact::Passive, PermitBecause::NoAddress),
            (Impact::Passive, PermitBecause::LeftOut),
        ]
    );
}

#[test]
fn an_authorised_pace_is_kept_but_not_on_a_patient() {
    let plan = made(&FULL.replace("\nimpact", "\npace = \"laboratory\"\nimpact"), |_| {});
    let paces: Vec<_> = plan.nodes.iter().map(|n| n.pace).collect();
    assert_eq!(paces[..4], [Pace::Laboratory, Pace::Laboratory, Pace::Ward, Pace::Ward]);
}

#[test]
fn every_port_is_asked_only_where_that_is_allowed_and_has_time() {
    let plan = made(FULL, |_| {});
    let every: Vec<_> = plan.nodes.iter().filter(|n| n.every_port).map(|n| n.id.as_str()).collect();
    assert_eq!(every, ["cuff"]);
    let plan = made(&FULL.replace("\nimpact", "\npace = \"laboratory\"\nimpact"), |_| {});
    let every: Vec<_> = plan.nodes.iter().filter(|n| n.every_port).map(|n| n.id.as_str()).collect();
    // A process is asked only for what it declares.
    assert_eq!(every, ["cuff", "pump"]);
}

#[test]
fn what_is_announced_covers_every_observer_and_grows_with_the_impact() {
    for authorised in ["touch", "safe", "intrusive"] {
        for pace in [Pace::Ward, Pace::Bench, Pace::Laboratory] {
            let text = FULL
                .replace("intrusive", authorised)
                .replace("\nimpact", &format!("\npace = \"{pace}\"\nimpact"));
            let plan = made(&text, |_| {});
            for node in plan.nodes.iter().filter(|n| n.allowed > Impact::Passive) {
                assert!(node.connections >= node.expected_connections, "{} {authorised} {pace}", node.id);
                let limits = Limits::of(node.pace);
                let slack = limits.sweep.max(limits.parallel) as u64;
                assert!(node.connections <= limits.budget.connections + slack);
                assert!(node.packets > 0);
            }
            let total: u64 = plan.nodes.iter().map(|n| n.connections).sum();
            assert_eq!(plan.totals.connections, total);
        }
    }
}

#[test]
fn a_service_on_udp_is_visited_from_safe_on_and_usual_ports_where_all_are_asked() {
    let plan = made(FULL, |_| {});
    assert!(!plan.nodes[0].services[1].visits.is_empty());
    assert!(plan.nodes[0].services[1].visits.iter().all(|v| v.packets > 0));
    // What is declared is not asked a second time, and a node at the ward's pace only for what it declares.
    assert!(plan.nodes[0].usual_datagrams.contains(&161) && !plan.nodes[0].usual_datagrams.contains(&5684));
    assert!(plan.nodes[1].usual_datagrams.is_empty());
    let touched = made(FULL, |o| o.impact = Some(Impact::Touch));
    let dtls = &touched.nodes[0].services[1];
    assert!(dtls.visits.is_empty() && touched.nodes[0].usual_datagrams.is_empty());
    assert!(dtls.untouched.as_ref().unwrap().because.contains("UDP"));
    assert!(!touched.nodes[0].services[0].visits.is_empty());
}

#[test]
fn a_plan_says_which_checks_run_and_what_a_person_does() {
    let catalog = catalog([requirement(
        "WEB-01",
        json!({"roles": ["device"], "aspects": [
            {"id": "a", "title": "t", "by": "check"},
            {"id": "b", "title": "t", "by": "hand", "step": "look at it"}]}),
    )]);
    let covering = covering(&[check("web-check", &[("WEB-01", "a")], "web", Scope::Protocols(&["http"]))]);
    let scenario = scenario(&world(FULL));
    let plan = plan_for(&scenario, &catalog, &PlanOptions::new(at()), Field::live(), &covering);
    let json = serde_json::to_value(&plan).unwrap();
    assert_eq!(json["requirements"]["WEB-01"]["aspects"][0]["checks"], json!(["web-check"]));
    assert_eq!(json["requirements"]["WEB-01"]["aspects"][1]["step"], "look at it");
    assert_eq!(json["nodes"][0]["services"][0]["checks"], json!(["web-check"]));
    assert_eq!(json["nodes"][0]["services"][1]["checks"], json!([]));
    let profile = json["nodes"][5]["profile"].as_u64().unwrap() as usize;
    assert_eq!(json["profiles"][profile]["not_applicable"][0]["requirement"], "WEB-01");
    assert_eq!((plan.totals.applicable, plan.totals.not_applicable), (5, 1));
}

#[test]
fn the_perimeter_table_tells_machine_partial_guided_and_none() {
    let mut catalog = catalog([
        requirement("WEB-01", json!({})),
        requirement("DOC-01", json!({"aspects": [{"id": "a", "title": "t", "by": "hand", "step": "read"}]})),
    ]);
    for (named, checks, missing, state) in [
        (vec!["WEB-01"], vec!["web-check"], None, "machine"),
        (vec!["WEB-01", "DOC-01"], vec!["web-check"], None, "machine"),
        (vec!["WEB-01"], vec!["web-check"], Some("the rest"), "partial"),
        // A check that this release does not have leaves its part open, whatever the table says.
        (vec!["WEB-01"], vec!["web-check", "gone-check"], None, "partial"),
        (vec!["WEB-01"], vec!["gone-check"], None, "none"),
        // One that judges under other requirements says nothing here.
        (vec!["DOC-01"], vec!["web-check"], None, "guided"),
        (vec!["WEB-01"], vec![], None, "none"),
        (vec!["DOC-01"], vec![], None, "guided"),
        (vec!["GONE-01"], vec![], None, "none"),
        (vec![], vec![], None, "none"),
    ] {
        let test = json!({"unit": state, "kind": "functional", "ixit": "x", "test": "t", "level": "Z",
            "requirements": named, "checks": checks, "missing": missing});
        catalog.perimeter.push(serde_json::from_value(test).unwrap());
    }
    let covering = covering(&[check("web-check", &[("WEB-01", "a")], "web", Scope::EveryService)]);
    for told in crate::perimeter::table(&catalog, &covering) {
        assert_eq!(told.state.word(), told.unit);
    }
}

#[test]
fn every_check_that_the_perimeter_names_is_there_and_judges_under_its_requirements() {
    let catalog = Catalog::embedded();
    let mut wrong = Vec::new();
    for test in &catalog.perimeter {
        for id in &test.checks {
            let covers = auscult_checks::find(id.as_str()).map(|c| c.meta().covers);
            match covers {
                None => wrong.push(format!("{}: there is no check `{id}`", test.unit)),
                Some(covers) if !covers.iter().any(|c| test.requirements.contains(&c.requirement)) => {
                    wrong.push(format!("{}: `{id}` judges under other requirements", test.unit));
                }
                Some(_) => {}
            }
        }
        if test.checks.is_empty() && (test.missing.is_some() || test.limits.is_some()) {
            wrong.push(format!("{}: no check, and yet something is missing or limited", test.unit));
        }
    }
    assert_eq!(wrong, [] as [String; 0]);
}

#[test]
fn ten_thousand_nodes_share_what_they_have_in_common() {
    let mut text = "title = \"many\"\nstage = \"target\"\nsetting = \"homecare\"\n".to_owned();
    text.push_str(FULL);
    for n in 0..10_000 {
        write!(
            text,
            "[device.d{n}]\nclass = \"{}\"\naddress = \"127.{}.{}.{}\"\nbehind = \"g\"\nservices = [{{ name = \"web\", port = 80, protocol = \"{}\" }}]\n",
            ["I", "II", "III", "IV"][n % 4],
            10 + n / 65_536,
            n / 256 % 256,
            n % 256,
            ["http", "mqtt", "fhir"][n % 3],
        )
        .unwrap();
    }
    text.push_str(
        "[gateway.g]\n[cloud.c]\nservices = [{ name = \"b\", port = 8883, protocol = \"mqtt\" }]\n",
    );
    for n in 0..10_000 {
        writeln!(text, "[[flow]]\nfrom = \"d{n}\"\nto = \"c/b\"\ndata = [\"vitals\"]").unwrap();
    }
    let scenario = scenario(&text);
    let plan = plan(&scenario, &Catalog::embedded(), &PlanOptions::new(at()));
    assert_eq!(plan.nodes.len(), 10_002);
    assert!(plan.profiles.len() < 40, "{}", plan.profiles.len());
    assert!(plan.totals.applicable > 100_000);
    assert!(serde_json::to_vec(&plan).unwrap().len() < 32 << 20);
}

#[test]
fn inventory_announces_at_least_what_a_verdict_needs() {
    let verdict = made(FULL, |_| {});
    let inventory = made(FULL, |o| o.depth = Depth::Inventory);
    for (v, i) in verdict.nodes.iter().zip(&inventory.nodes) {
        assert!(i.packets >= v.packets);
    }
}
