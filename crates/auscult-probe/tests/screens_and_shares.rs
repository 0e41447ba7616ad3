//! The observers of VNC, RDP and SMB against scripted servers.

mod doors;
mod subject_of;

use auscult_facts::rdp::Choice;
use auscult_facts::smb::{FirstVersion, Negotiated};
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_model::Impact;
use auscult_probe::rdp::Rdp;
use auscult_probe::smb::Smb;
use auscult_probe::vnc::Vnc;
use auscult_wire::rdp::Confirm;
use doors::{look, scripted};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const AT: &str = "127.90.1.8";

fn script(entries: &[&[u8]]) -> Vec<Vec<u8>> {
    entries.iter().map(|entry| entry.to_vec()).collect()
}

#[tokio::test]
async fn security_types_of_vnc_are_read() {
    let at = scripted(AT, script(&[b"RFB 003.008\n", &[3, 1, 2, 16]])).await;
    let facts = look::<Vnc>("vnc", at, Impact::Safe).await.unwrap();
    assert_eq!(facts.version, "3.8");
    assert_eq!(facts.security.seen().unwrap().iter().copied().collect::<Vec<_>>(), [1, 2, 16]);
    assert_eq!(facts.vencrypt, Answer::NotAsked(NotAsked::NoOccasion));

    let subtypes: &[u8] = &[0, 2, 0, 0, 1, 4, 0, 0, 1, 5];
    let at = scripted(AT, script(&[b"RFB 003.008\n", &[1, 19], &[0, 2], subtypes])).await;
    let facts = look::<Vnc>("vnc", at, Impact::Safe).await.unwrap();
    assert_eq!(facts.vencrypt.seen().unwrap().iter().copied().collect::<Vec<_>>(), [260, 261]);

    let at = scripted(AT, script(&[b"RFB 003.003\n", &[0, 0, 0, 2]])).await;
    let facts = look::<Vnc>("vnc", at, Impact::Safe).await.unwrap();
    assert_eq!(facts.security.seen().unwrap().iter().copied().collect::<Vec<_>>(), [2]);

    let at = scripted(AT, script(&[b"RFB 003.008\n", b"\0\0\0\0\x08too many"])).await;
    let facts = look::<Vnc>("vnc", at, Impact::Safe).await.unwrap();
    assert_eq!(facts.security, Answer::Interrupted(Interrupted::AccessRefused));
}

#[tokio::test]
async fn servers_that_break_do_not_break_us() {
    for entries in [
        script(&[b"SSH-2.0-x\r\n"]),
        script(&[b"RFB 003.008\n", &[255; 4096]]),
        script(&[&[b'R'; 1 << 16]]),
        script(&[&[0xff; 64]]),
        script(&[b"", &[0, 0, 0xff, 0xff, 0xfe, b'S', b'M', b'B']]),
        script(&[b"", &[3, 0, 1, 0xff]]),
    ] {
        let at = scripted(AT, entries.clone()).await;
        let vnc = look::<Vnc>("vnc", at, Impact::Safe).await;
        assert!(vnc.is_err() || vnc.is_ok_and(|f| f.security.seen().is_none()), "{entries:?}");
        let at = scripted(AT, entries.clone()).await;
        assert!(look::<Rdp>("rdp", at, Impact::Safe).await.is_err());
        let at = scripted(AT, entries).await;
        assert!(look::<Smb>("smb", at, Impact::Safe).await.is_err());
    }
}

/// Answers each first message by what it holds, and ends the connection where there is nothing to say.
async fn answering(answer: fn(&[u8]) -> Option<Vec<u8>>) -> (&'static str, u16) {
    let listener = TcpListener::bind((AT, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            tokio::spawn(async move {
                let mut heard = vec![0u8; 4096];
                let count = stream.read(&mut heard).await.unwrap_or_default();
                if let Some(bytes) = answer(&heard[..count]) {
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.read(&mut heard).await;
                }
            });
        }
    });
    (AT, port)
}

#[tokio::test]
async fn a_server_that_demands_a_login_before_the_session_is_told() {
    // As Windows answers with network level authentication demanded.
    let at = answering(|heard| {
        let wanted = heard.get(15).copied().unwrap_or_default();
        let confirm = if wanted & 2 == 0 { Confirm::Failure(5) } else { Confirm::Selected(2) };
        Some(confirm.write())
    })
    .await;
    let facts = look::<Rdp>("rdp", at, Impact::Safe).await.unwrap();
    assert_eq!(facts.nla, Answer::Seen(Choice::Chose(2)));
    assert_eq!(
        (facts.tls, facts.standard),
        (Answer::Seen(Choice::Refused(5)), Answer::Seen(Choice::Refused(5)))
    );
    let old = answering(|_| Some(Confirm::Bare.write())).await;
    let facts = look::<Rdp>("rdp", old, Impact::Safe).await.unwrap();
    assert_eq!(facts.standard, Answer::Seen(Choice::Unnamed));
}

#[tokio::test]
async fn a_server_that_hangs_up_on_smb_1_is_told() {
    let at = answering(|heard| {
        (heard.get(4) == Some(&0xfe)).then(|| {
            let mut message = vec![0xfe, b'S', b'M', b'B', 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0];
            message.resize(64, 0);
            message.extend([65, 0, 3, 0, 0x02, 0x03]);
            message.resize(128, 0);
            let length = u32::try_from(message.len()).unwrap();
            [&length.to_be_bytes()[..], &message].concat()
        })
    })
    .await;
    let facts = look::<Smb>("smb", at, Impact::Safe).await.unwrap();
    assert_eq!(facts.first_version, Answer::Seen(FirstVersion::HungUp));
    assert_eq!(facts.newer, Answer::Seen(Negotiated::Chose { dialect: 0x0302, signing_required: true }));
}
