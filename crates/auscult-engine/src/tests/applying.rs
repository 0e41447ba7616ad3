//! Classes are inherited, and requirements apply to whom they shall, always with a reason.

use auscult_model::{NodeKind, RiskClass};
use serde_json::json;

use super::{requirement, scenario};
use crate::applicability::{Profile, why};
use crate::subject::World;
use crate::words::say;

const EDITH: &str = r#"
title = "Edith"
stage = "status-quo"
setting = "homecare"

[device.cuff]
class = "II"
has = ["wireless"]
services = [{ name = "admin", port = 80, protocol = "http" }]

[device.pump]
class = "III"
legacy = true
behind = "hub"
setting = "integrated-care"
without = ["wireless"]

[device.stranger]

[gateway.hub]
class = "I"

[gateway.router]

[gateway.lonely]

[network.home]
kind = "wifi"

[network.spare]
kind = "ethernet"

[cloud.platform]
services = [{ name = "broker", port = 8883, protocol = "mqtt", tls = true }]

[cloud.portal]

[process.maker]

[[flow]]
from = "cuff"
to = "router"
data = ["vitals"]
over = ["home"]

[[flow]]
from = "router"
to = "platform/broker"
data = ["vitals"]
"#;

#[test]
fn classes_are_inherited_with_a_reason() {
    let scenario = scenario(EDITH);
    let world = World::new(&scenario);
    let said = |id: &str| {
        let n = world.find(id).unwrap();
        (world.classed(n).class, say(&world.class_message(n)))
    };
    for (id, class, because) in [
        ("cuff", RiskClass::II, "the scenario declares class II"),
        ("hub", RiskClass::III, "class III, the highest behind it: pump"),
        ("router", RiskClass::II, "class II, because data of cuff arrives here"),
        ("platform", RiskClass::II, "class II, because data of router arrives here"),
        ("home", RiskClass::II, "class II, because data of cuff crosses it"),
        ("maker", RiskClass::III, "class III, the highest of all nodes: pump"),
    ] {
        assert_eq!(said(id), (class, because.to_owned()), "{id}");
    }
    for id in ["stranger", "lonely", "portal", "spare"] {
        let (class, because) = said(id);
        assert_eq!(class, RiskClass::III, "{id}");
        assert!(because.contains("none can be inferred"), "{id}: {because}");
    }
}

#[test]
fn gateways_in_a_ring_come_to_an_end() {
    let scenario = scenario(
        r#"
title = "ring"
stage = "target"
setting = "homecare"
[gateway.a]
behind = "b"
[gateway.b]
behind = "a"
[device.d]
class = "IV"
behind = "a"
"#,
    );
    let world = World::new(&scenario);
    assert_eq!([0, 1, 2].map(|n| world.classed(n).class), [RiskClass::IV; 3]);
}

fn says(node: &str, members: serde_json::Value) -> String {
    let scenario = scenario(EDITH);
    let world = World::new(&scenario);
    let profile = Profile::of(&world, world.find(node).unwrap(), ["fhir"].into_iter());
    let requirement = requirement("X-01", members);
    let why = why(&requirement, &profile);
    format!("{} {}", why.force().is_some(), say(&why.message(&requirement, &profile)))
}

#[test]
fn each_condition_has_its_reason() {
    for (node, members, expected) in [
        ("cuff", json!({}), "true mandatory for class II, homecare"),
        ("cuff", json!({"roles": [NodeKind::Cloud]}), "false it is not meant for a device"),
        (
            "cuff",
            json!({"applies": {"homecare": "RR--", "integrated-care": "MMMM"}}),
            "true recommended for class II, homecare",
        ),
        (
            "cuff",
            json!({"applies": {"homecare": "M-MM", "integrated-care": "MMMM"}}),
            "false it does not bind class II, homecare",
        ),
        // The setting of the node, not of the scenario, decides: moved equipment is planned anew.
        (
            "pump",
            json!({"applies": {"homecare": "----", "integrated-care": "MMMM"}}),
            "true mandatory for class III, integrated-care",
        ),
        (
            "cuff",
            json!({"condition": {"protocols": ["mqtt", "http"]}}),
            "true mandatory for class II, homecare: it speaks http",
        ),
        (
            "cuff",
            json!({"condition": {"protocols": ["fhir"]}}),
            "true mandatory for class II, homecare: it speaks fhir",
        ),
        (
            "cuff",
            json!({"condition": {"protocols": ["mqtt", "coap"]}}),
            "false no service is declared or recognised to speak mqtt, coap",
        ),
        (
            "cuff",
            json!({"condition": {"networks": ["wifi"]}}),
            "true mandatory for class II, homecare: its data crosses wifi",
        ),
        (
            "home",
            json!({"condition": {"networks": ["wifi"]}}),
            "true mandatory for class II, homecare: its data crosses wifi",
        ),
        ("pump", json!({"condition": {"networks": ["wifi"]}}), "false none of its flows crosses wifi"),
        (
            "cuff",
            json!({"condition": {"traits": ["wireless"]}}),
            "true mandatory for class II, homecare: it has wireless",
        ),
        (
            "hub",
            json!({"condition": {"traits": ["wireless"]}}),
            "true mandatory for class III, homecare: the scenario does not deny that it has wireless",
        ),
        (
            "pump",
            json!({"condition": {"traits": ["wireless"]}}),
            "false the scenario states that it is without wireless",
        ),
        (
            "pump",
            json!({"condition": {"traits": ["wireless", "camera"]}}),
            "true mandatory for class III, integrated-care: the scenario does not deny that it has camera",
        ),
        (
            "pump",
            json!({"condition": {"legacy": true}}),
            "true mandatory for class III, integrated-care: it is legacy equipment",
        ),
        (
            "hub",
            json!({"condition": {"legacy": true}}),
            "true mandatory for class III, homecare: legacy equipment stands behind it",
        ),
        (
            "cuff",
            json!({"condition": {"legacy": true}}),
            "false it is no legacy equipment and none stands behind it",
        ),
    ] {
        assert_eq!(says(node, members.clone()), expected, "{node} {members}");
    }
}
