//! The DICOM observer against DCMTK and Orthanc, open and closed, and against hostile peers.

mod clinic;

use std::fs;
use std::time::{Duration, Instant};

use auscult_facts::dicom::{Association, Context, ContextResult, DicomFacts};
use auscult_facts::{Answer, Interrupted};
use auscult_model::Impact;
use auscult_probe::dicom::Dicom;
use auscult_wire::dicom::{AssociateAc, ContextAnswer, Fragment, IMPLICIT_LITTLE_ENDIAN, Pdu};
use clinic::{Hostile, Running, free_port, have, hostile, look, look_patiently, serve, subject};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

async fn seen(port: u16, ae_title: Option<&str>) -> DicomFacts {
    look::<Dicom>(&subject("dicom", port, false, ae_title), Impact::Safe).await.unwrap()
}

fn stores(facts: &DicomFacts) -> usize {
    facts.contexts.iter().filter(|(c, r)| c.stores() && **r == ContextResult::Granted).count()
}

#[tokio::test]
async fn storescp_takes_everything_from_everybody() {
    if !have("storescp") {
        return;
    }
    let port = free_port();
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().display().to_string();
    let _running = Running::start("storescp", &["-od", &dir, &port.to_string()], port);
    let facts = seen(port, None).await;
    assert_eq!(facts.association, Answer::Seen(Association::Accepted));
    assert_eq!(facts.echo, Answer::Seen(0));
    assert_eq!(stores(&facts), 4);
    assert_eq!(facts.contexts[&Context::StudyRootFind], ContextResult::Refused { result: 3 });
    assert!(facts.find.seen().is_none());
    assert_eq!(facts.released, Answer::Seen(true));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is ever stored");
}

/// A dcmqrscp whose archive admits these peers.
fn archive(peers: &str) -> Option<(u16, Running, tempfile::TempDir)> {
    if !have("dcmqrscp") {
        return None;
    }
    let port = free_port();
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().display();
    let text = format!(
        "NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n\
         HostTable BEGIN\nknown = (KNOWN-PEER, localhost, 11113)\nHostTable END\n\
         VendorTable BEGIN\nVendorTable END\n\
         AETable BEGIN\nARCHIVE {dir} RW (9, 1024mb) {peers}\nAETable END\n"
    );
    let config = folder.path().join("dcmqrscp.cfg");
    fs::write(&config, text).unwrap();
    let running = Running::start("dcmqrscp", &["-c", &config.display().to_string()], port);
    Some((port, running, folder))
}

#[tokio::test]
async fn dcmqrscp_answers_anybody_when_told_so() {
    let Some((port, _running, _folder)) = archive("ANY") else { return };
    let facts = seen(port, Some("ARCHIVE")).await;
    assert_eq!(facts.association, Answer::Seen(Association::Accepted));
    assert_eq!(facts.contexts[&Context::StudyRootFind], ContextResult::Granted);
    let find = facts.find.seen().unwrap();
    assert_eq!((find.status, find.pending), (0, 0), "{facts:?}");
    assert_eq!(facts.released, Answer::Seen(true));
}

#[tokio::test]
async fn dcmqrscp_tells_a_wrong_called_title_from_an_unknown_peer() {
    let Some((port, _running, _folder)) = archive("ANY") else { return };
    let facts = seen(port, None).await;
    assert_eq!(
        facts.association,
        Answer::Seen(Association::Rejected { result: 1, source: 1, reason: 7 }),
        "{facts:?}"
    );
    assert_eq!(facts.admits_strangers().seen(), None);
}

#[tokio::test]
async fn dcmqrscp_does_not_answer_a_peer_that_is_not_in_its_table() {
    let Some((port, _running, _folder)) = archive("known") else { return };
    let facts = seen(port, Some("ARCHIVE")).await;
    // It gives the same reason as for a wrong called title, so the two cannot be told apart.
    assert_eq!(facts.association, Answer::Seen(Association::Rejected { result: 1, source: 1, reason: 7 }));
    assert_eq!(facts.find.seen(), None);
}

/// An Orthanc with these lines in its configuration.
fn orthanc(lines: &str) -> Option<(u16, Running, tempfile::TempDir)> {
    if !have("Orthanc") {
        return None;
    }
    let port = free_port();
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().display();
    let text = format!(
        r#"{{ "Name": "T", "StorageDirectory": "{dir}/store", "IndexDirectory": "{dir}/store",
             "HttpServerEnabled": false, "DicomServerEnabled": true, "DicomAet": "ORTHANC",
             "DicomPort": {port}, "Plugins": [], {lines} }}"#
    );
    let config = folder.path().join("orthanc.json");
    fs::write(&config, text).unwrap();
    let running = Running::start("Orthanc", &[&config.display().to_string()], port);
    Some((port, running, folder))
}

#[tokio::test]
async fn orthanc_as_it_comes_lets_strangers_echo_and_store() {
    let Some((port, _running, _folder)) = orthanc(r#""DicomCheckCalledAet": false"#) else { return };
    let facts = seen(port, Some("ORTHANC")).await;
    assert_eq!(facts.association, Answer::Seen(Association::Accepted), "{facts:?}");
    assert_eq!(facts.echo, Answer::Seen(0));
    assert_eq!(stores(&facts), 4);
    // It grants the context, and ends the association when the query comes.
    assert_eq!(facts.find, Answer::Interrupted(Interrupted::AccessRefused));
}

#[tokio::test]
async fn orthanc_that_finds_for_everybody_is_seen_to() {
    let Some((port, _running, _folder)) = orthanc(r#""DicomAlwaysAllowFind": true"#) else { return };
    let facts = seen(port, Some("ORTHANC")).await;
    assert_eq!(facts.find.seen().map(|f| (f.status, f.pending)), Some((0, 0)), "{facts:?}");
}

#[tokio::test]
async fn orthanc_hardened_rejects_strangers() {
    let lines = r#""DicomAlwaysAllowEcho": false, "DicomAlwaysAllowStore": false,
        "DicomAlwaysAllowFind": false, "DicomCheckCalledAet": true,
        "DicomModalities": { "known": ["KNOWN-PEER", "127.0.0.1", 11113] }"#;
    let Some((port, _running, _folder)) = orthanc(lines) else { return };
    let facts = seen(port, Some("ORTHANC")).await;
    assert_eq!(facts.admits_strangers(), Answer::Seen(false), "{facts:?}");
    assert!(facts.contexts.is_empty());
}

#[tokio::test]
async fn hostile_peers_interrupt_and_prove_nothing() {
    let patience = Duration::from_millis(500);
    for (how, why) in [
        (Hostile::Silent, Interrupted::TimedOut),
        (Hostile::Closes, Interrupted::AccessRefused),
        (Hostile::ReadsAndCloses, Interrupted::AccessRefused),
        // A unit of 4 GB, a grant cut short, a release nobody asked for, another protocol.
        (Hostile::Says(b"\x02\0\xff\xff\xff\xff\0\x01"), Interrupted::NotUnderstood),
        (Hostile::Says(b"\x02\0\0\0\0\x08\0\x01\0\0\0\0\0\0"), Interrupted::NotUnderstood),
        (Hostile::Says(b"\x06\0\0\0\0\x04\0\0\0\0"), Interrupted::NotUnderstood),
        (Hostile::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Interrupted::NotUnderstood),
        (Hostile::Says(b"\x02\0\0\0\x40\0\0"), Interrupted::TimedOut),
        (Hostile::Dribbles(b"\x02\0\0\0\x40\0\0\0"), Interrupted::TimedOut),
        (Hostile::Floods(b"\x02\0\0\x01\xff\xff", b"\0"), Interrupted::NotUnderstood),
    ] {
        let port = hostile(how).await;
        let begun = Instant::now();
        let seen =
            look_patiently::<Dicom>(&subject("dicom", port, false, None), Impact::Safe, patience).await;
        assert_eq!(seen, Err(why), "{how:?}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{how:?}");
    }
}

fn grants_all() -> Vec<u8> {
    let contexts = (0u8..7)
        .map(|place| ContextAnswer {
            id: place * 2 + 1,
            result: 0,
            transfer_syntax: IMPLICIT_LITTLE_ENDIAN.into(),
        })
        .collect();
    Pdu::AssociateAc(AssociateAc { called: "X".into(), calling: "Y".into(), max_pdu: 0, contexts }).write()
}

#[tokio::test]
async fn a_node_that_grants_all_and_falls_silent_answers_nothing_more() {
    let port = serve(|mut stream| async move {
        let mut bytes = [0u8; 4096];
        let _ = stream.read(&mut bytes).await;
        let _ = stream.write_all(&grants_all()).await;
        while stream.read(&mut bytes).await.is_ok_and(|n| n > 0) {}
    })
    .await;
    let subject = subject("dicom", port, false, None);
    let facts = look_patiently::<Dicom>(&subject, Impact::Safe, Duration::from_millis(500)).await.unwrap();
    assert_eq!(facts.echo, Answer::Interrupted(Interrupted::TimedOut));
    assert_eq!(facts.find, Answer::Interrupted(Interrupted::TimedOut));
}

#[tokio::test]
async fn a_node_that_never_stops_matching_is_broken_off() {
    let port = serve(|mut stream| async move {
        let mut bytes = [0u8; 4096];
        let _ = stream.read(&mut bytes).await;
        let _ = stream.write_all(&grants_all()).await;
        let _ = stream.read(&mut bytes).await;
        let _ = stream.write_all(&response(1, 0x8030, 0)).await;
        let _ = stream.read(&mut bytes).await;
        while stream.write_all(&response(5, 0x8020, 0xff00)).await.is_ok() {}
    })
    .await;
    let facts = seen(port, None).await;
    assert_eq!(facts.echo, Answer::Seen(0));
    assert_eq!(facts.find.seen().map(|f| (f.status, f.pending)), Some((0xff00, 20)));
    assert!(facts.released.seen().is_none());
}

/// A response with an empty data set where more follow.
fn response(context: u8, field: u16, status: u16) -> Vec<u8> {
    let command = auscult_wire::dicom::Command::default()
        .number(0x0100, field)
        .number(0x0120, 1)
        .number(0x0800, if status == 0 { 0x0101 } else { 0 })
        .number(0x0900, status)
        .write();
    let mut fragments = vec![Fragment { context, command: true, last: true, data: command }];
    if status != 0 {
        fragments.push(Fragment { context, command: false, last: true, data: vec![] });
    }
    Pdu::Data(fragments).write()
}
