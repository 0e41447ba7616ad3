//! The telnet observer against scripted servers.

mod doors;
mod subject_of;

use auscult_facts::credentials::{Accounts, Stopped};
use auscult_facts::telnet::{Prompt, TelnetFacts};
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_model::Impact;
use auscult_probe::telnet::Telnet;
use doors::scripted;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

const AT: &str = "127.90.1.6";

async fn look(at: (&str, u16), impact: Impact) -> Result<TelnetFacts, Interrupted> {
    doors::look::<Telnet>("telnet", at, impact).await
}

async fn prompt(script: &[&str]) -> Result<Prompt, Interrupted> {
    let script = script.iter().map(|s| s.as_bytes().to_vec()).collect();
    let at = scripted(AT, script).await;
    look(at, Impact::Safe).await.map(|facts| *facts.prompt.seen().unwrap())
}

#[tokio::test]
async fn what_is_asked_for_is_told() {
    assert_eq!(prompt(&["Pump 7\r\n\r\nip7 login: "]).await, Ok(Prompt::Login));
    assert_eq!(prompt(&["Password: "]).await, Ok(Prompt::Password));
    assert_eq!(prompt(&["BusyBox v1.21\r\n/ # ", "\r\n/ # "]).await, Ok(Prompt::Command));
    assert_eq!(prompt(&["press a key", "user:"]).await, Ok(Prompt::Login));
    assert_eq!(prompt(&["100 $", "unknown command\r\n"]).await, Ok(Prompt::Other), "never came again");
    assert_eq!(prompt(&["temperature 37.2\r\n", "temperature 37.3\r\n"]).await, Ok(Prompt::Other));
    assert_eq!(prompt(&["# a", "# b"]).await, Ok(Prompt::Other));
}

#[tokio::test]
async fn a_server_that_never_ends_is_left() {
    let at = scripted(AT, vec![vec![b'x'; 1 << 20]]).await;
    assert_eq!(look(at, Impact::Intrusive).await, Err(Interrupted::NotUnderstood));
    let offers: Vec<u8> = [255u8, 253, 24].repeat(100_000);
    let at = scripted(AT, vec![offers]).await;
    assert!(look(at, Impact::Intrusive).await.is_err());
}

/// A login that lets one account in; `says` is how it refuses.
async fn login(user: &'static str, password: &'static str, says: &'static str) -> (&'static str, u16) {
    let listener = TcpListener::bind((AT, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            tokio::spawn(async move {
                let (read, mut write) = stream.split();
                let mut read = BufReader::new(read);
                write.write_all(b"\xff\xfb\x01\r\nlogin: ").await?;
                let mut name = Vec::new();
                read.read_until(b'\n', &mut name).await?;
                // Refusals of options come before the first line.
                let name: Vec<u8> = name.into_iter().skip_while(|b| !b.is_ascii_lowercase()).collect();
                let name = String::from_utf8_lossy(&name).trim().to_owned();
                write.write_all(format!("{name}\r\nPassword: ").as_bytes()).await?;
                let mut given = String::new();
                read.read_line(&mut given).await?;
                let opens = name == user && (password == "*" || given.trim() == password);
                let answer = if opens { "\r\nWelcome\r\n~ # " } else { says };
                write.write_all(answer.as_bytes()).await?;
                let _ = read.read_line(&mut given).await;
                std::io::Result::Ok(())
            });
        }
    });
    (AT, port)
}

async fn accounts(at: (&str, u16)) -> Accounts {
    let facts = look(at, Impact::Intrusive).await.unwrap();
    assert!(facts.negotiates);
    let written = serde_json::to_string(&facts).unwrap();
    assert!(!written.contains("abcd1234") && !written.contains("Welcome"), "{written}");
    facts.accounts.seen().unwrap().clone()
}

#[tokio::test]
async fn accounts_are_tried_and_told() {
    let wrong = "\r\nLogin incorrect\r\nlogin: ";
    let found = accounts(login("root", "root", wrong).await).await;
    assert_eq!((found.opened.as_deref(), found.tried, found.stopped), (Some("root"), 4, None));
    let none = accounts(login("nurse", "d2f0b1c6", wrong).await).await;
    assert_eq!((none.opened, none.tried, none.stopped), (None, 10, None));
    let any = accounts(login("root", "*", wrong).await).await;
    assert_eq!((any.opened, any.stopped), (None, Some(Stopped::Undecidable)), "no password is looked at");
    let locked = accounts(login("nurse", "x", "\r\nToo many tries, account locked\r\nlogin: ").await).await;
    assert_eq!((locked.tried, locked.stopped), (0, Some(Stopped::Locked)));
}

#[tokio::test]
async fn nothing_is_typed_below_intrusive() {
    let at = login("root", "root", "no\r\nlogin: ").await;
    let facts = look(at, Impact::Safe).await.unwrap();
    assert_eq!(facts.accounts, Answer::NotAsked(NotAsked::Impact));
    let shell = scripted(AT, vec![b"/ # ".to_vec(), b"/ # ".to_vec()]).await;
    let facts = look(shell, Impact::Intrusive).await.unwrap();
    assert_eq!(facts.accounts, Answer::NotAsked(NotAsked::NoOccasion));
}
