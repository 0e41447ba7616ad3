//! Looks at a VNC server as a stranger.
//!
//! Versions are exchanged and the list of security types is read; where VeNCrypt is among them, its list of subtypes
//! too. No other type is chosen, no password is tried, and no screen is seen.

use std::collections::BTreeSet;

use auscult_facts::vnc::VncFacts;
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_wire::rfb::{self, VERSION_LENGTH, Version};

use crate::mqtt::door::{OPENING_PACKETS, Shut, Talk, answer, inside_tls};
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Packets that one conversation may cost after it is opened.
const ALLOWANCE: u64 = 40;

/// What the last read and the goodbye may add to an allowance.
const SLACK: u64 = 20;

/// Bytes after which a server that has not come to the point never will.
const MAX_HELD: usize = 4096;

/// The observer of VNC servers.
#[derive(Debug)]
pub struct Vnc;

impl Observer for Vnc {
    type Facts = VncFacts;
    const NAME: &'static str = "vnc/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound { connections: 1, packets: OPENING_PACKETS + ALLOWANCE + SLACK }
    }

    async fn look(bench: &NodeBench, subject: &Subject, _: &Errand) -> Result<VncFacts, Interrupted> {
        let mut screen = Screen::open(bench, subject).await?;
        let asked = screen.ask().await;
        screen.talk.close().await;
        let (version, security, vencrypt) = asked?;
        Ok(VncFacts {
            tls: inside_tls(subject),
            version: format!("{}.{}", version.major, version.minor),
            security: answer(security),
            vencrypt,
        })
    }
}

type Asked = (Version, Result<BTreeSet<u8>, Interrupted>, Answer<BTreeSet<u32>>);

/// A conversation with what came in and was not looked at yet.
struct Screen {
    talk: Talk,
    held: Vec<u8>,
}

impl Screen {
    async fn open(bench: &NodeBench, subject: &Subject) -> Result<Self, Interrupted> {
        match Talk::open(bench, subject, Impact::Safe, ALLOWANCE).await {
            Ok(talk) => Ok(Self { talk, held: Vec::new() }),
            Err(Shut::Other(why)) => Err(why),
            Err(Shut::CertificateDemanded) => Err(Interrupted::AccessRefused),
        }
    }

    /// Asks everything over the one connection: many servers count each as a login that failed, and shut out after five.
    async fn ask(&mut self) -> Result<Asked, Interrupted> {
        let version = self.greet().await?;
        let security = self.security(version).await;
        let offers_more = security.as_ref().is_ok_and(|types| types.contains(&VncFacts::VENCRYPT));
        let vencrypt = if offers_more && !version.server_decides() {
            answer(self.subtypes().await)
        } else {
            Answer::NotAsked(NotAsked::NoOccasion)
        };
        Ok((version, security, vencrypt))
    }

    async fn subtypes(&mut self) -> Result<BTreeSet<u32>, Interrupted> {
        self.talk.send(&[VncFacts::VENCRYPT]).await?;
        let used = self.until(rfb::vencrypt_version).await?;
        self.held.drain(..used.min(self.held.len()));
        self.talk.send(&rfb::VENCRYPT_VERSION).await?;
        let subtypes = self.until(rfb::vencrypt_subtypes).await?;
        Ok(subtypes.into_iter().collect())
    }

    /// Exchanges versions.
    async fn greet(&mut self) -> Result<Version, Interrupted> {
        let version = self.until(Version::read).await?;
        self.held.drain(..VERSION_LENGTH.min(self.held.len()));
        self.talk.send(version.answer()).await?;
        Ok(version)
    }

    async fn security(&mut self, version: Version) -> Result<BTreeSet<u8>, Interrupted> {
        let (types, used) = self.until(|bytes| rfb::security(bytes, version)).await?;
        self.held.drain(..used.min(self.held.len()));
        Ok(types.into_iter().collect())
    }

    /// Hears until what is waited for is whole.
    async fn until<T>(
        &mut self,
        read: impl Fn(&[u8]) -> Result<Option<T>, rfb::Error>,
    ) -> Result<T, Interrupted> {
        let until = self.talk.deadline();
        loop {
            match read(&self.held) {
                Ok(Some(seen)) => return Ok(seen),
                Ok(None) if self.held.len() > MAX_HELD => return Err(Interrupted::NotUnderstood),
                Ok(None) => {}
                Err(rfb::Error::Refused) => return Err(Interrupted::AccessRefused),
                Err(_) => return Err(Interrupted::NotUnderstood),
            }
            match self.talk.hear(until).await? {
                Some(bytes) => self.held.extend(bytes),
                None => return Err(Interrupted::AccessRefused),
            }
        }
    }
}
