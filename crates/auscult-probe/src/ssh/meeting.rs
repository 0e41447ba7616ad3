//! One connection to an SSH server, from its greeting to its host key and to the methods of login.

use auscult_facts::ssh::KeyKind;
use auscult_facts::{Interrupted, Subject};
use auscult_model::Impact;
use auscult_wire::ssh::{
    self, Identification, KexInit, KexReply, LoginAnswer, MAX_GREETING, MAX_PACKET, Packet, number,
};

use super::agree::{Agreed, METHODS, Method, Said};
use super::cipher::{Choice, Direction, cipher_names, mac_names};
use crate::NodeBench;
use crate::mqtt::door::{Shut, Talk};

/// How we call ourselves.
const OUR_LINE: &[u8] = b"SSH-2.0-auscult";

/// Messages that belong to nobody (banners, debugging, extensions) before the one that is waited for.
const MAX_OTHERS: usize = 16;

/// A server that has greeted.
pub(super) struct Meeting {
    talk: Talk,
    held: Vec<u8>,
    pub(super) greeting: Identification,
    /// Packets that each side has sent.
    sent: u32,
    received: u32,
}

/// A server that has shown its lists.
pub(super) struct Listed {
    meeting: Meeting,
    pub(super) theirs: KexInit,
    their_init: Vec<u8>,
}

/// A server that has shown its host key.
pub(super) struct Known {
    meeting: Meeting,
    theirs: KexInit,
    agreed: Agreed,
    pub(super) host_key: Vec<u8>,
}

/// A server to which logins can be said.
pub(super) struct Secured {
    meeting: Meeting,
    out: Direction,
    back: Direction,
}

impl Meeting {
    /// Connects and hears the greeting; nothing is said yet.
    pub(super) async fn open(
        bench: &NodeBench,
        subject: &Subject,
        allowance: u64,
    ) -> Result<Self, Interrupted> {
        let mut talk = match Talk::open(bench, subject, Impact::Safe, allowance).await {
            Ok(talk) => talk,
            Err(Shut::Other(why)) => return Err(why),
            Err(Shut::CertificateDemanded) => return Err(Interrupted::AccessRefused),
        };
        let until = talk.deadline();
        let mut held = Vec::new();
        let heard = loop {
            match Identification::read(&held) {
                Err(_) => break Err(Interrupted::NotUnderstood),
                Ok(Some((greeting, used))) => {
                    held.drain(..used);
                    break Ok(greeting);
                }
                Ok(None) if held.len() > MAX_GREETING => break Err(Interrupted::NotUnderstood),
                Ok(None) => {}
            }
            match talk.hear(until).await {
                Ok(Some(bytes)) => held.extend(bytes),
                Ok(None) => break Err(Interrupted::AccessRefused),
                Err(why) => break Err(why),
            }
        };
        match heard {
            Ok(greeting) => Ok(Self { talk, held, greeting, sent: 0, received: 0 }),
            Err(why) => {
                talk.close().await;
                Err(why)
            }
        }
    }

    /// Identifies ourselves and hears the server's lists.
    pub(super) async fn lists(mut self) -> Result<Listed, Interrupted> {
        let asked = async {
            self.talk.send(&[OUR_LINE, b"\r\n"].concat()).await?;
            self.packet(|n| n == number::KEXINIT).await
        };
        let read = asked.await.and_then(|init| {
            KexInit::read(&init).map(|theirs| (theirs, init)).map_err(|_| Interrupted::NotUnderstood)
        });
        match read {
            Ok((theirs, their_init)) => Ok(Listed { meeting: self, theirs, their_init }),
            Err(why) => {
                self.close().await;
                Err(why)
            }
        }
    }

    /// The next packet in clear that is wanted; messages for nobody are passed over.
    async fn packet(&mut self, wanted: impl Fn(u8) -> bool) -> Result<Vec<u8>, Interrupted> {
        let until = self.talk.deadline();
        for _ in 0..MAX_OTHERS {
            let payload = loop {
                let read = Packet::read(&self.held).map_err(|_| Interrupted::NotUnderstood)?;
                if let Some(Packet { payload, used }) = read {
                    let payload = payload.to_vec();
                    self.held.drain(..used);
                    break payload;
                }
                self.more(until).await?;
            };
            self.received = self.received.wrapping_add(1);
            match payload.first().copied() {
                Some(n) if wanted(n) => return Ok(payload),
                Some(number::IGNORE | number::UNIMPLEMENTED | number::DEBUG) => {}
                Some(number::DISCONNECT) => return Err(Interrupted::AccessRefused),
                _ => return Err(Interrupted::NotUnderstood),
            }
        }
        Err(Interrupted::NotUnderstood)
    }

    async fn more(&mut self, until: tokio::time::Instant) -> Result<(), Interrupted> {
        if self.held.len() > MAX_PACKET * 2 {
            return Err(Interrupted::NotUnderstood);
        }
        match self.talk.hear(until).await? {
            Some(bytes) => {
                self.held.extend(bytes);
                Ok(())
            }
            None => Err(Interrupted::AccessRefused),
        }
    }

    async fn say(&mut self, payload: &[u8]) -> Result<(), Interrupted> {
        self.sent = self.sent.wrapping_add(1);
        self.talk.send(&ssh::seal(payload, 8, 0)).await
    }

    pub(super) async fn close(self) {
        self.talk.close().await;
    }
}

impl Listed {
    /// Agrees on keys so that the host key of one kind is shown.
    pub(super) async fn host_key(mut self, kind: KeyKind) -> Result<Known, Interrupted> {
        match self.exchange(kind).await {
            Ok((agreed, host_key)) => {
                Ok(Known { meeting: self.meeting, theirs: self.theirs, agreed, host_key })
            }
            Err(why) => {
                let _ = self.meeting.say(&ssh::disconnect()).await;
                self.meeting.close().await;
                Err(why)
            }
        }
    }

    async fn exchange(&mut self, kind: KeyKind) -> Result<(Agreed, Vec<u8>), Interrupted> {
        let beyond = Interrupted::BeyondInstrument;
        let method = Method::common(&self.theirs).ok_or(beyond)?;
        Choice::common(&self.theirs, true).and(Choice::common(&self.theirs, false)).ok_or(beyond)?;
        let ours = own_lists(kind)?;
        let our_init = ours.write();
        self.meeting.say(&our_init).await?;
        let guessed_wrong = self.theirs.guesses
            && (self.theirs.key_exchange.first() != ours.key_exchange.first()
                || self.theirs.host_key.first() != ours.host_key.first());
        if guessed_wrong {
            // Its next packet belongs to another exchange (RFC 4253, section 7).
            self.meeting.packet(|_| true).await?;
        }
        let offer = method.begin()?;
        self.meeting.say(&ssh::kex_init(&offer.public)).await?;
        let reply = self.meeting.packet(|n| n == number::KEX_REPLY).await?;
        let reply = KexReply::read(&reply).map_err(|_| Interrupted::NotUnderstood)?;
        let said = Said {
            our_line: OUR_LINE,
            their_line: &self.meeting.greeting.line,
            our_init: &our_init,
            their_init: &self.their_init,
        };
        let agreed = offer.agree(&said, &reply)?;
        Ok((agreed, reply.host_key))
    }

    pub(super) async fn close(mut self) {
        let _ = self.meeting.say(&ssh::disconnect()).await;
        self.meeting.close().await;
    }
}

/// What we offer: all that we speak, and one kind of host key.
fn own_lists(kind: KeyKind) -> Result<KexInit, Interrupted> {
    let owned = |names: &mut dyn Iterator<Item = &'static str>| names.map(str::to_owned).collect::<Vec<_>>();
    let mut cookie = [0u8; 16];
    aws_lc_rs::rand::fill(&mut cookie).map_err(|_| Interrupted::InstrumentFault)?;
    let (ciphers, macs) = (owned(&mut cipher_names()), owned(&mut mac_names()));
    let compression = vec!["none".to_owned()];
    Ok(KexInit {
        cookie,
        key_exchange: owned(&mut METHODS.iter().map(|m| m.name)),
        host_key: owned(&mut kind.offered_as().iter().copied()),
        cipher_to_server: ciphers.clone(),
        cipher_to_client: ciphers,
        mac_to_server: macs.clone(),
        mac_to_client: macs,
        compression_to_server: compression.clone(),
        compression_to_client: compression,
        guesses: false,
    })
}

impl Known {
    /// Takes the keys into use and asks for the service of logins.
    pub(super) async fn secure(mut self) -> Result<Secured, Interrupted> {
        match self.keys().await {
            Ok((out, back)) => {
                let mut secured = Secured { meeting: self.meeting, out, back };
                let asked = async {
                    secured.say(&ssh::service_request()).await?;
                    secured.packet(|p| p.first() == Some(&number::SERVICE_ACCEPT)).await
                };
                match asked.await {
                    Ok(_) => Ok(secured),
                    Err(why) => {
                        secured.meeting.close().await;
                        Err(why)
                    }
                }
            }
            Err(why) => {
                self.meeting.close().await;
                Err(why)
            }
        }
    }

    async fn keys(&mut self) -> Result<(Direction, Direction), Interrupted> {
        let beyond = Interrupted::BeyondInstrument;
        let out = Choice::common(&self.theirs, true).ok_or(beyond)?;
        let back = Choice::common(&self.theirs, false).ok_or(beyond)?;
        self.meeting.say(&[number::NEWKEYS]).await?;
        self.meeting.packet(|n| n == number::NEWKEYS).await?;
        Ok((
            Direction::out(out, &self.agreed, self.meeting.sent)?,
            Direction::back(back, &self.agreed, self.meeting.received)?,
        ))
    }

    pub(super) async fn close(mut self) {
        let _ = self.meeting.say(&ssh::disconnect()).await;
        self.meeting.close().await;
    }
}

impl Secured {
    /// Says one login and hears the answer.
    pub(super) async fn login(&mut self, request: &[u8]) -> Result<LoginAnswer, Interrupted> {
        self.say(request).await?;
        let answers = |p: &[u8]| !matches!(ssh::login_answer(p), Ok(None));
        let answer = self.packet(answers).await?;
        ssh::login_answer(&answer).ok().flatten().ok_or(Interrupted::NotUnderstood)
    }

    async fn say(&mut self, payload: &[u8]) -> Result<(), Interrupted> {
        let packet = self.out.seal(payload)?;
        self.meeting.talk.send(&packet).await
    }

    async fn packet(&mut self, wanted: impl Fn(&[u8]) -> bool) -> Result<Vec<u8>, Interrupted> {
        let until = self.meeting.talk.deadline();
        for _ in 0..MAX_OTHERS {
            let payload = loop {
                if let Some(payload) = self.back.open(&mut self.meeting.held)? {
                    break payload;
                }
                self.meeting.more(until).await?;
            };
            match payload.first().copied() {
                Some(
                    number::IGNORE
                    | number::UNIMPLEMENTED
                    | number::DEBUG
                    | number::EXT_INFO
                    | number::USERAUTH_BANNER,
                ) => {}
                Some(number::DISCONNECT) => return Err(Interrupted::AccessRefused),
                _ if wanted(&payload) => return Ok(payload),
                _ => return Err(Interrupted::NotUnderstood),
            }
        }
        Err(Interrupted::NotUnderstood)
    }

    pub(super) async fn close(mut self) {
        let _ = self.say(&ssh::disconnect()).await;
        self.meeting.close().await;
    }
}
