//! Scenario files, right and wrong: what is read, and what is said about each mistake.

use auscult_model::scenario::{LoginBy, Mistake, parse};
use auscult_model::{DataClass, Impact, NodeKind, RiskClass};
use proptest::prelude::*;

const EDITH: &str = r#"title   = "Edith at home"
stage   = "status-quo"
setting = "homecare"

[authorisation]
by     = "5G test laboratory"
until  = 2027-06-30
impact = "intrusive"

[device.cuff]
name          = "Blood pressure cuff"
product       = { maker = "Example Medical", model = "BP-2", version = "1.4.2" }
class         = "II"
address       = "127.10.0.11"
service_life  = "8 years"
support_until = 2029-12-31
sbom          = "cuff.cdx.json"
behind        = "hub"
services = [ { name = "admin", port = 8080, protocol = "http" } ]

[gateway.hub]
address = "127.10.0.20"

[network.home]
kind = "wifi"

[cloud.platform]
setting = "integrated-care"
services = [ { name = "broker", port = 8883, protocol = "mqtt", tls = true } ]

[[flow]]
from = "cuff"
to   = "platform/broker"
data = ["vitals", "identity"]
over = ["home"]
"#;

fn mistakes(text: &str) -> Vec<Mistake> {
    parse(text).expect_err("the file is wrong")
}

fn told(text: &str) -> Vec<(u32, String)> {
    mistakes(text).into_iter().map(|m| (m.place.line, m.message.id)).collect()
}

#[test]
fn a_right_file_is_read_whole() {
    let scenario = parse(EDITH).unwrap();
    assert_eq!(scenario.nodes.len(), 4);
    let cuff = scenario.node("cuff").unwrap();
    assert_eq!(cuff.kind, NodeKind::Device);
    assert_eq!(cuff.class, Some(RiskClass::II));
    assert_eq!(cuff.service_life_months, Some(96));
    assert_eq!(cuff.behind.as_ref().unwrap().as_str(), "hub");
    assert_eq!((cuff.place.line, cuff.services[0].port), (10, 8080));
    assert_eq!(scenario.authorisation.as_ref().unwrap().impact, Impact::Intrusive);
    assert!(scenario.flows[0].data.contains(&DataClass::Vitals));
    assert_eq!(scenario.flows[0].to.service.as_ref().unwrap().as_str(), "broker");
}

#[test]
fn every_mistake_is_told_at_once_with_its_line() {
    let text = EDITH
        .replace("stage   = \"status-quo\"", "stage   = \"status-qou\"")
        .replace("class         = \"II\"", "clas          = \"II\"")
        .replace("127.10.0.11", "224.0.0.1")
        .replace("port = 8080", "port = 80800")
        .replace("platform/broker", "platform/brokr")
        .replace("\"vitals\"", "\"vital\"");
    assert_eq!(
        told(&text),
        [
            (2, "scenario.unknown-word".to_owned()),
            (13, "scenario.unknown-key".to_owned()),
            (14, "scenario.bad-address".to_owned()),
            (19, "scenario.bad-port".to_owned()),
            (33, "scenario.unknown-service".to_owned()),
            (34, "scenario.unknown-word".to_owned()),
        ]
    );
    for mistake in mistakes(&text) {
        assert!(mistake.hint.is_some(), "{mistake:?}");
    }
}

#[test]
fn a_mistyped_key_gets_the_nearest_one() {
    let found = mistakes(&EDITH.replace("support_until =", "suport_until =")).remove(0);
    assert_eq!(found.hint.unwrap().args["nearest"], "support_until");
    assert_eq!((found.place.line, found.place.column), (16, 1));
}

#[test]
fn names_must_resolve() {
    assert_eq!(told(&EDITH.replace("\"hub\"", "\"hob\""))[0].1, "scenario.unknown-node");
    assert_eq!(
        told(&EDITH.replace("behind        = \"hub\"", "behind = \"platform\""))[0].1,
        "scenario.not-a-gateway"
    );
    assert_eq!(told(&EDITH.replace("[\"home\"]", "[\"cuff\"]"))[0].1, "scenario.not-a-network");
    assert_eq!(told(&EDITH.replace("\"cuff\"\n", "\"home\"\n"))[0].1, "scenario.network-endpoint");
}

#[test]
fn logins_and_apis_are_read_and_silence_is_not_none() {
    let with =
        |keys: &str| EDITH.replace("protocol = \"http\" }", &format!("protocol = \"http\", {keys} }}"));
    let service = |text: &str| parse(text).unwrap().node("cuff").unwrap().services[0].clone();
    assert_eq!((service(EDITH).logins, service(EDITH).apis), (None, None));
    let none = service(&with("logins = [], apis = []"));
    assert_eq!((none.logins, none.apis), (Some(Vec::new()), Some(Vec::new())));
    let some = service(&with(
        "apis = [\"/api/v1\"], logins = [{ path = \"/\", by = \"basic\" }, { by = \"public-key\" }, { by = \"none\" }]",
    ));
    assert_eq!(some.apis.unwrap(), ["/api/v1"]);
    let logins = some.logins.unwrap();
    assert_eq!((logins[0].path.as_deref(), logins[0].by), (Some("/"), LoginBy::Basic));
    assert_eq!((logins[1].path.as_deref(), logins[1].by), (None, LoginBy::PublicKey));
    for (keys, mistake) in [
        ("logins = [{ path = \"/x\", by = \"from\" }]", "scenario.unknown-word"),
        ("logins = [{ by = \"form\" }]", "scenario.missing-key"),
        ("logins = [{ path = \"/x\" }]", "scenario.missing-key"),
        ("logins = [{ path = \"/x\", by = \"password\" }]", "scenario.login-without-path"),
        ("logins = [{ path = \"/x?y\", by = \"form\" }]", "scenario.bad-base"),
        ("logins = [{ path = \"/a/../x\", by = \"form\" }]", "scenario.bad-base"),
        ("logins = [{ path = \"x\", by = \"form\" }]", "scenario.bad-base"),
        ("logins = [{ path = \"/x\", by = \"form\", user = \"a\" }]", "scenario.unknown-key"),
        ("logins = [{ by = \"none\" }, { by = \"none\" }]", "scenario.double-login"),
        ("logins = [\"/x\"]", "scenario.wrong-type"),
        ("apis = [\"//evil.test/x\"]", "scenario.bad-base"),
        ("apis = \"/api\"", "scenario.wrong-type"),
    ] {
        assert_eq!(told(&with(keys)).into_iter().map(|(_, id)| id).collect::<Vec<_>>(), [mistake], "{keys}");
    }
    let many: Vec<String> = (0..17).map(|n| format!("\"/a{n}\"")).collect();
    assert_eq!(told(&with(&format!("apis = [{}]", many.join(", "))))[0].1, "scenario.too-many");
}

#[test]
fn files_outside_its_folder_are_refused() {
    for path in ["/etc/passwd", "../x", "a/../../b", "c:\\\\x"] {
        let text = EDITH.replace("cuff.cdx.json", path);
        assert_eq!(told(&text)[0].1, "scenario.bad-path", "{path}");
    }
}

#[test]
fn only_a_simulated_world_has_ports_of_its_host() {
    let text = format!("host_ports = [22, 2024]\n{EDITH}");
    assert_eq!(parse(&text).unwrap().host_ports.len(), 2);
    let real = text.replace("127.10.0.20", "192.0.2.20");
    assert_eq!(told(&real), [(1, "scenario.host-ports-of-real-node".to_owned())]);
    assert_eq!(told(&text.replace("2024]", "70000]"))[0].1, "scenario.wrong-type");
}

#[test]
fn what_is_missing_is_named() {
    let ids: Vec<_> = told("").into_iter().map(|(_, id)| id).collect();
    assert_eq!(ids, ["scenario.missing-key"; 3]);
    assert!(told("title = ").iter().all(|(_, id)| id == "scenario.syntax"));
    let text = EDITH.replace("until  = 2027-06-30\n", "");
    assert_eq!(mistakes(&text)[0].message.args["key"], "until");
}

#[test]
fn depth_and_number_are_bounded() {
    let deep = format!("title = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(parse(&deep).is_err());
    let many = format!("{EDITH}\n{}", "[[flow]]\nfrom = \"x\"\nto = \"y\"\n".repeat(5_000));
    assert_eq!(mistakes(&many).len(), 101);
    let wrong: String = (0..100_000).map(|n| format!("key-{n} = 1\n")).collect();
    let began = std::time::Instant::now();
    assert_eq!(mistakes(&wrong).len(), 101);
    assert!(began.elapsed().as_secs() < 10, "no hint is sought for what is not told");
}

#[test]
fn every_mistake_has_words() {
    let words = include_str!("../text/scenario.en.ftl");
    let source = concat!(
        include_str!("../src/scenario/parse.rs"),
        include_str!("../src/scenario/reader.rs"),
        include_str!("../src/scenario/mistake.rs"),
        include_str!("../src/scenario/credentials.rs")
    );
    for id in source.split("Message::new(\"scenario.").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(words.lines().any(|line| line.starts_with(&format!("{id} ="))), "`{id}` has no words");
    }
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(text in "\\PC{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn a_damaged_file_never_panics(at in 0usize..1000, byte in any::<char>()) {
        let mut text: Vec<char> = EDITH.chars().collect();
        let at = at % text.len();
        text[at] = byte;
        let _ = parse(&text.into_iter().collect::<String>());
    }
}
