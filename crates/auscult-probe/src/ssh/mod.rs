//! Looks at an SSH server as a stranger.
//!
//! The lists of algorithms are read from the first packet of the server. Then one exchange of keys for each kind of
//! host key that it offers, so that it shows the key; nothing is believed of it, and its signature is not checked.
//! Where rougher steps are allowed, one login as `root` with the method `none`, which shows nothing and counts as no
//! attempt: the answer names the methods that would be listened to (RFC 4252, 5.2). Then well-known accounts, each over
//! a connection of its own; a password is sent only where the server names that method for the account.

mod agree;
mod cipher;
mod login;
mod meeting;

use std::collections::{BTreeMap, BTreeSet};

use auscult_facts::ssh::{Algorithms, HostKey, KeyKind, Login, SshFacts};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_wire::ssh::{self, KexInit, LoginAnswer};
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::time::Instant;

use crate::credentials::{MAX_LOGINS, try_all};
use crate::mqtt::door::{OPENING_PACKETS, answer};
use crate::{Bound, Depth, Errand, NodeBench, Observer};
use meeting::{Known, Listed, Meeting};

/// The account whose methods are asked for: every Unix has it, and it may do everything.
const PRIVILEGED: &str = "root";

/// Packets that one connection may cost after it is opened.
const ALLOWANCE: u64 = 120;

/// What the last read and the goodbye may add to an allowance.
const SLACK: u64 = 30;

/// Most methods of login that are kept.
const MAX_METHODS: usize = 16;

/// The observer of SSH servers.
#[derive(Debug)]
pub struct Ssh;

impl Observer for Ssh {
    type Facts = SshFacts;
    const NAME: &'static str = "ssh/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, allowed: Impact) -> Bound {
        let keys = KeyKind::ALL.len() as u64;
        let connections = if allowed < Impact::Intrusive { keys } else { keys + MAX_LOGINS };
        Bound { connections, packets: connections * (OPENING_PACKETS + ALLOWANCE + SLACK) }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<SshFacts, Interrupted> {
        let began = Instant::now();
        let meeting = Meeting::open(bench, subject, ALLOWANCE).await?;
        let software = &meeting.greeting.software;
        let mut facts = SshFacts {
            protocol: meeting.greeting.protocol.clone(),
            software: (!software.is_empty()).then(|| software.clone()),
            algorithms: Answer::NotAsked(NotAsked::NoOccasion),
            host_keys: BTreeMap::new(),
            root: Answer::NotAsked(NotAsked::NoOccasion),
            accounts: Answer::NotAsked(NotAsked::NoOccasion),
        };
        if !speaks_second_version(&facts.protocol) {
            meeting.close().await;
            return Ok(facts);
        }
        let mut listed = match meeting.lists().await {
            Ok(listed) => Some(listed),
            Err(why) => {
                facts.algorithms = Answer::Interrupted(why);
                facts.root = Answer::Interrupted(why);
                facts.accounts = Answer::Interrupted(why);
                return Ok(facts);
            }
        };
        let theirs = listed.as_ref().map(|l| l.theirs.clone()).unwrap_or_default();
        facts.algorithms = Answer::Seen(algorithms(&theirs));
        let offered = |kind: &KeyKind| {
            kind.offered_as().iter().any(|name| theirs.host_key.iter().any(|theirs| theirs == name))
        };
        let mut first = true;
        for kind in KeyKind::ALL.into_iter().filter(offered) {
            let known = match listed.take() {
                Some(listed) => listed.host_key(kind).await,
                None => another(bench, subject, kind).await,
            };
            let seen = match known {
                Ok(known) => {
                    let seen = read(&known.host_key);
                    if first {
                        facts.root = ask_root(bench, known).await;
                    } else {
                        known.close().await;
                    }
                    seen
                }
                Err(why) => {
                    if first {
                        facts.root = Answer::Interrupted(why);
                    }
                    Err(why)
                }
            };
            first = false;
            facts.host_keys.insert(kind, answer(seen));
        }
        if let Some(listed) = listed {
            listed.close().await;
        }
        facts.accounts = match &facts.root {
            Answer::Seen(_) => {
                let kind =
                    facts.host_keys.iter().find(|(_, key)| key.seen().is_some()).map(|(kind, _)| *kind);
                let mut door =
                    login::Door { bench, subject, kind: kind.ok_or(Interrupted::InstrumentFault)? };
                Answer::Seen(try_all(bench, errand, began, &mut door).await)
            }
            Answer::NotAsked(why) => Answer::NotAsked(*why),
            Answer::Interrupted(why) => Answer::Interrupted(*why),
        };
        Ok(facts)
    }
}

/// Whether version 2 is spoken there (RFC 4253, section 5).
fn speaks_second_version(protocol: &str) -> bool {
    protocol == "1.99" || protocol.starts_with("2.")
}

async fn another(bench: &NodeBench, subject: &Subject, kind: KeyKind) -> Result<Known, Interrupted> {
    let listed: Listed = Meeting::open(bench, subject, ALLOWANCE).await?.lists().await?;
    listed.host_key(kind).await
}

/// Both directions in one list: what is weak in one is weak.
fn algorithms(theirs: &KexInit) -> Algorithms {
    let both = |there: &[String], back: &[String]| {
        let mut names = there.to_vec();
        names.extend(back.iter().filter(|name| !there.contains(name)).cloned());
        names
    };
    Algorithms {
        key_exchange: theirs.key_exchange.clone(),
        host_key: theirs.host_key.clone(),
        cipher: both(&theirs.cipher_to_server, &theirs.cipher_to_client),
        mac: both(&theirs.mac_to_server, &theirs.mac_to_client),
        compression: both(&theirs.compression_to_server, &theirs.compression_to_client),
    }
}

fn read(blob: &[u8]) -> Result<HostKey, Interrupted> {
    let key = ssh::HostKey::read(blob).map_err(|_| Interrupted::NotUnderstood)?;
    let bits = key.bits.ok_or(Interrupted::NotUnderstood)?;
    let digest = digest::digest(&digest::SHA256, blob);
    Ok(HostKey { bits, sha256: STANDARD_NO_PAD.encode(digest) })
}

async fn ask_root(bench: &NodeBench, known: Known) -> Answer<Login> {
    if bench.allowed() < Impact::Intrusive {
        known.close().await;
        return Answer::NotAsked(NotAsked::Impact);
    }
    let asked = async {
        let mut secured = known.secure().await?;
        let said = secured.login(&ssh::none_request(PRIVILEGED)).await;
        secured.close().await;
        match said? {
            LoginAnswer::Success => Ok(Login::Open),
            LoginAnswer::Failure { methods, .. } => {
                Ok(Login::Wants(methods.into_iter().take(MAX_METHODS).collect::<BTreeSet<_>>()))
            }
            LoginAnswer::ChangePassword => Err(Interrupted::NotUnderstood),
        }
    };
    answer(asked.await)
}
