//! The MQTT observer against mosquitto, weak and hardened.

mod clinic;

use std::fs;
use std::process::Command;

use auscult_facts::mqtt::{Acknowledged, Admission, MqttFacts, Subscription, Version};
use auscult_facts::{Answer, NotAsked};
use auscult_model::{DataClass, Impact, Pace};
use auscult_probe::mqtt::Mqtt;
use auscult_probe::{Limits, Observer};
use clinic::{Running, bench_within, certificate, errand, free_port, have, look, subject};

/// A mosquitto with these lines in its configuration; `{dir}` is its folder.
struct Broker {
    port: u16,
    _running: Running,
    folder: tempfile::TempDir,
}

fn broker(lines: &str, files: &[(&str, &str)], accounts: &[(&str, &str)]) -> Option<Broker> {
    if !have("mosquitto") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().display().to_string();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    certificate(folder.path());
    for (place, (name, password)) in accounts.iter().enumerate() {
        let mut passwd = Command::new("mosquitto_passwd");
        passwd.arg("-b");
        if place == 0 {
            passwd.arg("-c");
        }
        assert!(
            passwd.args([format!("{dir}/passwords").as_str(), name, password]).status().unwrap().success()
        );
    }
    let port = free_port();
    // Started as root it would become another user that cannot read the folder.
    let text = format!(
        "user root\npersistence false\nlog_dest file {dir}/log\nlog_type all\nlistener {port} 127.0.0.1\n{}\n",
        lines.replace("{dir}", &dir)
    );
    fs::write(folder.path().join("conf"), text).unwrap();
    let running = Running::start("mosquitto", &["-c", &format!("{dir}/conf")], port);
    Some(Broker { port, _running: running, folder })
}

async fn seen(broker: &Broker, tls: bool, impact: Impact) -> MqttFacts {
    look::<Mqtt>(&subject("mqtt", broker.port, tls, None), impact).await.unwrap()
}

fn retained(broker: &Broker, topic: &str, payload: &str) {
    let port = broker.port.to_string();
    let said = Command::new("mosquitto_pub")
        .args(["-h", "127.0.0.1", "-p", &port, "-r", "-t", topic, "-m", payload])
        .status()
        .unwrap();
    assert!(said.success());
}

#[tokio::test]
async fn an_open_broker_gives_everything_away() {
    let Some(broker) = broker("allow_anonymous true\nsys_interval 1", &[], &[]) else { return };
    retained(&broker, "home/cuff", r#"{"systolic": 151}"#);
    retained(&broker, "home/valve", "1");
    let facts = seen(&broker, false, Impact::Intrusive).await;
    assert_eq!(facts.admits_strangers(), Answer::Seen(true));
    assert!(facts.anonymous.values().all(|a| *a == Answer::Seen(Admission::Accepted)), "{facts:?}");
    assert_eq!(facts.wildcard, Answer::Seen(Subscription::Granted));
    let heard = facts.heard.seen().unwrap();
    assert_eq!((heard.messages, heard.topics, heard.cut), (2, 2, false));
    assert_eq!(heard.kinds.iter().copied().collect::<Vec<_>>(), [DataClass::Vitals]);
    assert!(heard.system_messages > 5, "{heard:?}");
    let publish = facts.foreign_publish.seen().unwrap();
    assert!(publish.delivered && publish.delivered_to_wildcard.is_none(), "{publish:?}");
    let takeover = facts.takeover.seen().unwrap();
    assert!(takeover.first_ended && takeover.second == Admission::Accepted);
    let accounts = facts.accounts.seen().unwrap();
    assert!(accounts.accepts_any_password && accounts.accepted.is_none());
    // Only names of our own were used, nothing was retained, and every session that the broker did not end itself
    // ended with a DISCONNECT.
    let ended = |log: &str, how: &str| {
        log.lines().filter(|l| l.contains("Client auscult-") && l.ends_with(how)).count()
    };
    // The broker takes in the last DISCONNECT, and writes its log, after we have gone.
    let mut log = String::new();
    for _ in 0..100 {
        log = fs::read_to_string(broker.folder.path().join("log")).unwrap();
        if ended(&log, " disconnected.") >= 5 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!((ended(&log, " closed its connection."), ended(&log, " disconnected.")), (0, 5), "{log}");
    let published: Vec<_> = log.lines().filter(|l| l.contains("Received PUBLISH from auscult-")).collect();
    assert_eq!(published.len(), 1);
    assert!(
        published[0].contains("'auscult/t3stm4rk")
            && published[0].contains("/foreign'")
            && published[0].contains("r0")
    );
    let written = serde_json::to_string(&facts).unwrap();
    assert!(!written.contains("home") && !written.contains("151"), "topics and payloads are not kept");
}

#[tokio::test]
async fn a_silent_open_broker_is_shown_open_by_a_message_of_our_own() {
    let Some(broker) = broker("allow_anonymous true", &[], &[]) else { return };
    let facts = seen(&broker, false, Impact::Intrusive).await;
    assert_eq!(facts.heard.seen().unwrap().messages, 0);
    assert_eq!(facts.foreign_publish.seen().unwrap().delivered_to_wildcard, Some(true));
}

#[tokio::test]
async fn rough_questions_are_left_out_where_they_are_not_allowed() {
    let Some(broker) = broker("allow_anonymous true", &[], &[]) else { return };
    let facts = seen(&broker, false, Impact::Safe).await;
    assert_eq!(facts.foreign_publish, Answer::NotAsked(NotAsked::Impact));
    assert_eq!(facts.takeover, Answer::NotAsked(NotAsked::Impact));
    assert_eq!(facts.accounts, Answer::NotAsked(NotAsked::Impact));
}

#[tokio::test]
async fn with_one_connection_at_a_time_no_second_one_is_waited_for() {
    let Some(broker) = broker("allow_anonymous true", &[], &[]) else { return };
    let bench = bench_within(broker.port, Impact::Intrusive, Limits::of(Pace::Ward));
    let subject = subject("mqtt", broker.port, false, None);
    let facts = Mqtt::look(&bench, &subject, &errand()).await.unwrap();
    assert_eq!(facts.foreign_publish, Answer::NotAsked(NotAsked::Depth));
    assert_eq!(facts.takeover, Answer::NotAsked(NotAsked::Depth));
    assert!(facts.accounts.seen().unwrap().accepts_any_password);
}

#[tokio::test]
async fn a_broker_with_passwords_refuses_strangers() {
    let lines = "allow_anonymous false\npassword_file {dir}/passwords";
    let Some(broker) = broker(lines, &[], &[("cuff-17", "Kq8-invented-and-long")]) else { return };
    let facts = seen(&broker, false, Impact::Intrusive).await;
    assert_eq!(facts.anonymous[&Version::V311], Answer::Seen(Admission::Refused { code: 0x05 }));
    assert_eq!(facts.anonymous[&Version::V5], Answer::Seen(Admission::Refused { code: 0x87 }));
    assert_eq!(facts.admits_strangers(), Answer::Seen(false));
    assert_eq!(facts.wildcard, Answer::NotAsked(NotAsked::NoOccasion));
    let accounts = facts.accounts.seen().unwrap();
    assert_eq!((accounts.accepted.as_deref(), accounts.accepts_any_password), (None, false));
    assert!(accounts.tried >= 6);
}

#[tokio::test]
async fn a_default_account_is_found() {
    let lines = "allow_anonymous false\npassword_file {dir}/passwords";
    let Some(broker) = broker(lines, &[], &[("guest", "guest")]) else { return };
    let facts = seen(&broker, false, Impact::Intrusive).await;
    let accounts = facts.accounts.seen().unwrap();
    assert_eq!((accounts.accepted.as_deref(), accounts.accepts_any_password), (Some("guest"), false));
    assert_eq!(facts.admits_strangers(), Answer::Seen(false));
}

#[tokio::test]
async fn a_default_account_is_found_beside_anonymous_access() {
    let lines = "allow_anonymous true\npassword_file {dir}/passwords";
    let Some(broker) = broker(lines, &[], &[("admin", "public")]) else { return };
    let facts = seen(&broker, false, Impact::Intrusive).await;
    assert_eq!(facts.accounts.seen().unwrap().accepted.as_deref(), Some("admin"));
}

#[tokio::test]
async fn a_broker_that_grants_on_paper_and_filters_is_not_taken_for_open() {
    let lines = "allow_anonymous true\nacl_file {dir}/acl";
    let Some(broker) = broker(lines, &[("acl", "topic read public/#\n")], &[]) else { return };
    let facts = seen(&broker, false, Impact::Intrusive).await;
    assert_eq!(facts.admits_strangers(), Answer::Seen(true));
    assert_eq!(facts.heard.seen().map(|h| h.messages), Some(0), "{facts:?}");
    let publish = facts.foreign_publish.seen().unwrap();
    assert!(!publish.delivered && publish.delivered_to_wildcard != Some(true));
    assert_eq!(publish.acknowledged, Acknowledged::Refused { code: 0x87 });
}

#[tokio::test]
async fn a_broker_that_demands_certificates_refuses_strangers_in_both_versions_of_tls() {
    for version in ["tlsv1.3", "tlsv1.2"] {
        let lines = format!(
            "allow_anonymous true\ncafile {{dir}}/cert.pem\ncertfile {{dir}}/cert.pem\nkeyfile {{dir}}/key.pem\n\
             require_certificate true\ntls_version {version}"
        );
        let Some(broker) = broker(&lines, &[], &[]) else { return };
        let facts = seen(&broker, true, Impact::Intrusive).await;
        assert!(facts.tls && facts.client_certificate_demanded, "{version}: {facts:?}");
        assert_eq!(facts.admits_strangers(), Answer::Seen(false));
    }
}

#[tokio::test]
async fn a_broker_is_spoken_to_inside_tls() {
    let lines = "allow_anonymous true\ncertfile {dir}/cert.pem\nkeyfile {dir}/key.pem";
    let Some(broker) = broker(lines, &[], &[]) else { return };
    let facts = seen(&broker, true, Impact::Intrusive).await;
    assert!(facts.tls && !facts.client_certificate_demanded);
    assert_eq!(facts.admits_strangers(), Answer::Seen(true));
    assert!(facts.foreign_publish.seen().unwrap().delivered);
}
