//! The FTP observer against scripted servers.

mod doors;
mod subject_of;

use auscult_facts::credentials::Stopped;
use auscult_facts::ftp::FtpFacts;
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_model::Impact;
use auscult_probe::ftp::Ftp;
use doors::scripted;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

const AT: &str = "127.90.1.7";

async fn look(at: (&str, u16), impact: Impact) -> Result<FtpFacts, Interrupted> {
    doors::look::<Ftp>("ftp", at, impact).await
}

/// A server that answers `USER name` and `PASS word` as told; everything else is unknown to it.
async fn serve(answer: fn(&str, Option<&str>) -> &'static str) -> (&'static str, u16) {
    let listener = TcpListener::bind((AT, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            tokio::spawn(async move {
                let (read, mut write) = stream.split();
                let mut lines = BufReader::new(read).lines();
                write.write_all(b"220-Welcome\r\n220 Invented archive\r\n").await?;
                let mut user = String::new();
                while let Some(line) = lines.next_line().await? {
                    let answer = if let Some(name) = line.strip_prefix("USER ") {
                        user = name.to_owned();
                        answer(&user, None)
                    } else if let Some(word) = line.strip_prefix("PASS ") {
                        answer(&user, Some(word))
                    } else {
                        "502 What?"
                    };
                    write.write_all(format!("{answer}\r\n").as_bytes()).await?;
                }
                std::io::Result::Ok(())
            });
        }
    });
    (AT, port)
}

#[tokio::test]
async fn strangers_and_accounts_are_told_apart() {
    let open = serve(|user, word| match (user, word) {
        (_, None) => "331 Password?",
        ("anonymous", Some(_)) | ("admin", Some("password")) => "230 In",
        _ => "530 No",
    })
    .await;
    let facts = look(open, Impact::Intrusive).await.unwrap();
    assert_eq!(facts.anonymous.seen().map(|a| a.code), Some(230));
    assert_eq!(facts.auth_tls.seen(), Some(&502));
    assert_eq!(facts.user_in_clear.seen().map(|n| (n.code, n.wants_tls)), Some((331, false)));
    let accounts = facts.accounts.seen().unwrap();
    assert_eq!((accounts.opened.as_deref(), accounts.tried), (Some("admin"), 2));
    let gentle = look(open, Impact::Safe).await.unwrap();
    assert_eq!(gentle.anonymous, Answer::NotAsked(NotAsked::Impact));
    assert_eq!(gentle.accounts, Answer::NotAsked(NotAsked::Impact));
    assert_eq!(gentle.user_in_clear.seen().map(|n| n.code), Some(331));
}

#[tokio::test]
async fn trying_ends_with_the_first_sign_of_a_lock() {
    let locks = serve(|user, word| match word {
        None => "331 Password?",
        Some(_) if user == "admin" => "421 Too many tries",
        Some(_) => "530 No",
    })
    .await;
    let facts = look(locks, Impact::Intrusive).await.unwrap();
    let accounts = facts.accounts.seen().unwrap();
    assert_eq!((accounts.tried, accounts.stopped), (0, Some(Stopped::Locked)));
}

#[tokio::test]
async fn a_server_that_wants_tls_first_is_not_logged_in_to() {
    let wants = serve(|_, _| "530 Non-anonymous sessions must use encryption.").await;
    let facts = look(wants, Impact::Intrusive).await.unwrap();
    assert_eq!(facts.user_in_clear.seen().map(|n| (n.code, n.wants_tls)), Some((530, true)));
    assert_eq!(facts.accounts, Answer::NotAsked(NotAsked::NoOccasion));
    assert!(facts.anonymous.seen().is_some_and(|a| a.wants_tls));
}

#[tokio::test]
async fn servers_that_break_do_not_break_us() {
    for script in [
        vec![b"SSH-2.0-x\r\n".to_vec()],
        vec![b"220-".repeat(100_000)],
        vec![b"220 x\r\n".to_vec(), b"150 wait\r\n".repeat(50)],
        vec![b"220 x\r\n".to_vec(), vec![b'3'; 1 << 16]],
        vec![b"421 too many connections\r\n".to_vec()],
    ] {
        let at = scripted(AT, script).await;
        let seen = look(at, Impact::Intrusive).await;
        assert!(seen.is_err(), "{seen:?}");
    }
}
