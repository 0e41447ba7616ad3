//! Impostors in a scenario: what is read, and every mistake with its place.

use auscult_model::scenario::{SetUp, parse};

const HEAD: &str = r#"title = "Cuff"
stage = "status-quo"
setting = "homecare"
[device.cuff]
address = "192.0.2.7"
[cloud.platform]
services = [{ name = "broker", port = 8883, tls = true }]
[[flow]]
from = "cuff"
to = "platform/broker"
data = ["vitals"]
[[device.cuff.impostor]]
"#;

const WHOLE: [(&str, &str); 8] = [
    ("for", "platform/broker"),
    ("listen", "192.0.2.1:8883"),
    ("set_up", "dns"),
    ("wait", "2 min"),
    ("ca", "ca.pem"),
    ("ca_key", "ca.key"),
    ("trigger", "http://192.0.2.7:8080/measure"),
    ("dns", "192.0.2.1:53"),
];

fn with(key: &str, value: &str) -> String {
    let lines = WHOLE.map(|(k, v)| format!("{k} = \"{}\"\n", if k == key { value } else { v }));
    HEAD.to_owned() + &lines.concat()
}

fn mistakes(text: &str) -> Vec<String> {
    parse(text).expect_err("a mistake").into_iter().map(|m| m.message.id.to_string()).collect()
}

#[test]
fn a_whole_table_is_read() {
    let scenario = parse(&with("", "")).unwrap();
    let impostor = &scenario.node("cuff").unwrap().impostors[0];
    assert_eq!(impostor.far.label(), "platform/broker");
    assert_eq!((impostor.set_up, impostor.wait_seconds), (SetUp::Dns, 120));
    let trigger = impostor.trigger.as_ref().unwrap();
    assert_eq!((trigger.port, trigger.path.as_str()), (8080, "/measure"));
    assert_eq!(impostor.place.line, 12);
}

#[test]
fn each_mistake_is_told() {
    for (key, value, id) in [
        ("for", "platform", "scenario.impostor-without-flow"),
        ("for", "platform/brocker", "scenario.unknown-service"),
        ("for", "cuff", "scenario.impostor-without-flow"),
        ("listen", "192.0.2.7:8883", "scenario.bad-listen"),
        ("listen", "0.0.0.0:8883", "scenario.bad-listen"),
        ("listen", "192.0.2.1", "scenario.bad-listen"),
        ("listen", "192.0.2.1:0", "scenario.bad-listen"),
        ("set_up", "inlin", "scenario.unknown-word"),
        ("wait", "30", "scenario.bad-wait"),
        ("wait", "11 min", "scenario.bad-wait"),
        ("wait", "0 s", "scenario.bad-wait"),
        ("ca", "../ca.pem", "scenario.bad-path"),
        ("ca_key", "/etc/ca.key", "scenario.bad-path"),
        ("trigger", "http://192.0.2.8/measure", "scenario.bad-trigger"),
        ("trigger", "https://192.0.2.7/measure", "scenario.bad-trigger"),
        ("dns", "[::]:53", "scenario.bad-listen"),
    ] {
        assert_eq!(mistakes(&with(key, value)), [id], "{key} = {value}");
    }
}

#[test]
fn a_missing_or_unknown_key_is_told() {
    let without = |key: &str| {
        with("", "").lines().filter(|l| !l.starts_with(&format!("{key} ="))).collect::<Vec<_>>().join("\n")
    };
    for key in ["for", "listen", "set_up", "ca", "ca_key", "dns"] {
        assert_eq!(mistakes(&without(key)), ["scenario.missing-key"], "{key}");
    }
    assert_eq!(mistakes(&(with("", "") + "set-up = \"told\"\n")), ["scenario.unknown-key"]);
}

#[test]
fn two_at_one_address_are_a_mistake() {
    let again = WHOLE.map(|(k, v)| format!("{k} = \"{v}\"\n")).concat();
    let twice = with("", "") + "[[device.cuff.impostor]]\n" + &again;
    assert_eq!(mistakes(&twice), ["scenario.double-listen"]);
}

#[test]
fn a_table_in_the_place_of_a_list_is_told() {
    let text = with("", "").replace("[[device.cuff.impostor]]", "[device.cuff.impostor]");
    assert_eq!(mistakes(&text), ["scenario.wrong-type"]);
}

/// An update with these lines in the place of the usual ones.
fn update(key: &str, value: &str) -> String {
    let lines = [
        ("for", "platform/broker"),
        ("images", "images"),
        ("installed", "http://192.0.2.7:8080/version"),
        ("settle", "5 s"),
    ];
    let lines = lines.map(|(k, v)| format!("{k} = \"{}\"\n", if k == key { value } else { v }));
    with("", "") + "[device.cuff.update]\n" + &lines.concat()
}

#[test]
fn an_update_is_read_and_its_mistakes_are_told() {
    let scenario = parse(&update("", "")).unwrap();
    let read = scenario.node("cuff").unwrap().update.as_ref().unwrap();
    assert_eq!((read.images.as_str(), read.settle_seconds, read.installed.port), ("images", 5, 8080));
    for (key, value, id) in [
        ("for", "platform/other", "scenario.update-without-impostor"),
        ("images", "../images", "scenario.bad-path"),
        ("installed", "http://192.0.2.9/version", "scenario.bad-trigger"),
        ("settle", "an hour", "scenario.bad-wait"),
    ] {
        assert_eq!(mistakes(&update(key, value)), [id], "{key} = {value}");
    }
    let alone =
        HEAD.replace("[[device.cuff.impostor]]", "[device.cuff.update]") + "for = \"platform/broker\"\n";
    assert_eq!(
        mistakes(&alone),
        ["scenario.missing-key", "scenario.missing-key", "scenario.update-without-impostor"]
    );
}

/// A replay with these lines in the place of the usual ones.
fn replay(key: &str, value: &str) -> String {
    let lines = [
        ("for", "platform/broker"),
        ("at", "ward/cuff/command"),
        ("first", "messages/1.json"),
        ("second", "messages/2.json"),
        ("third", "messages/3.json"),
        ("state", "http://192.0.2.7:8080/state"),
        ("settle", "2 s"),
    ];
    let lines = lines.map(|(k, v)| format!("{k} = \"{}\"\n", if k == key { value } else { v }));
    with("", "") + "[device.cuff.replay]\n" + &lines.concat()
}

#[test]
fn a_replay_is_read_and_its_mistakes_are_told() {
    let scenario = parse(&replay("", "")).unwrap();
    let read = scenario.node("cuff").unwrap().replay.as_ref().unwrap();
    assert_eq!((read.at.as_str(), read.settle_seconds, read.state.port), ("ward/cuff/command", 2, 8080));
    assert_eq!(read.messages, ["messages/1.json", "messages/2.json", "messages/3.json"]);
    for (key, value, id) in [
        ("for", "platform/other", "scenario.replay-without-impostor"),
        ("at", "ward/+/command", "scenario.bad-replay-place"),
        ("at", "/settings?all", "scenario.bad-replay-place"),
        ("at", "", "scenario.empty-text"),
        ("second", "/etc/passwd", "scenario.bad-path"),
        ("state", "http://192.0.2.9/state", "scenario.bad-trigger"),
        ("settle", "an hour", "scenario.bad-wait"),
    ] {
        assert_eq!(mistakes(&replay(key, value)), [id], "{key} = {value}");
    }
    let without = replay("", "").lines().filter(|l| !l.starts_with("third =")).collect::<Vec<_>>().join("\n");
    assert_eq!(mistakes(&without), ["scenario.missing-key"]);
}
