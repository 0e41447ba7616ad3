//! What a client does when somebody plays the far end of its flows towards it.

use auscult_model::scenario::SetUp;
use serde::{Deserialize, Serialize};

use crate::{Facts, Scope};

/// What a node did towards each far end that was played.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientFacts {
    /// One for each impostor of the scenario, in its order.
    pub ends: Vec<FarEnd>,
}

impl Facts for ClientFacts {
    const KIND: &'static str = "client";
    const SCOPE: Scope = Scope::Node;
}

/// One far end that was played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FarEnd {
    /// Whom auscult played, `node/service` of the scenario.
    pub far: String,
    /// How the device got there.
    pub set_up: SetUp,
    /// Whether the far end is declared to speak TLS.
    pub tls: bool,
    /// Whether a flow to it is declared to carry firmware.
    #[serde(default)]
    pub firmware: bool,
    /// Why nothing could be played.
    #[serde(default)]
    pub kept: Option<Kept>,
    /// How often the name server of the test network was asked, where auscult is it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns: Option<Asked>,
    /// What was played, in order.
    #[serde(default)]
    pub acts: Vec<Act>,
}

/// How often a name server was asked by the device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// For a name of the far end.
    pub far_end: u32,
    /// For any other name.
    pub others: u32,
}

/// Why nothing could be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// The address is not of this machine, is taken, or needs more rights.
    CannotListen,
    /// The certificate or key of the test authority cannot be used.
    AuthorityUnusable,
}

/// What is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Play {
    /// The far end as it should be, with a proper certificate of the authority that the device trusts.
    Proper,
    /// A certificate that nobody but itself signed.
    SelfSigned,
    /// A certificate of an authority that the device does not know.
    UnknownAuthority,
    /// A certificate of the trusted authority for somebody else.
    WrongName,
    /// A certificate of the trusted authority whose time is over.
    Expired,
    /// A certificate of the trusted authority that is revoked, and a stapled status of that authority that says so.
    Revoked,
    /// A certificate of the trusted authority with an RSA key of 1024 bits.
    WeakKey,
    /// TLS 1.1 and nothing newer.
    Tls11,
    /// TLS 1.0 and nothing newer.
    Tls10,
    /// A suite that is broken, of those that the client offers.
    WeakSuite,
    /// No TLS at all: the handshake is refused, and a client that then speaks in clear is answered.
    NoTls,
    /// The expired certificate once more, while the time server of the test network tells a time in which it was valid.
    WrongTime,
    /// A proper far end whose certificate is very large and comes in small records.
    LargeCertificate,
    /// The far end as it should be once more, when all else is over.
    Again,
}

impl Play {
    /// The word used in files and as part of message ids.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Proper => "proper",
            Self::SelfSigned => "self-signed",
            Self::UnknownAuthority => "unknown-authority",
            Self::WrongName => "wrong-name",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::WeakKey => "weak-key",
            Self::Tls11 => "tls11",
            Self::Tls10 => "tls10",
            Self::WeakSuite => "weak-suite",
            Self::NoTls => "no-tls",
            Self::LargeCertificate => "large-certificate",
            Self::WrongTime => "wrong-time",
            Self::Again => "again",
        }
    }
}

/// One act: what was played, and who came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// What was played.
    pub play: Play,
    /// Whether the device was made to dial; `None` where it dials by itself.
    #[serde(default)]
    pub triggered: Option<bool>,
    /// How long it took until the device came, or was waited for in vain, in milliseconds.
    pub waited_millis: u64,
    /// Connections of the device, in order.
    #[serde(default)]
    pub meetings: Vec<Meeting>,
    /// Connections of others, which were closed at once.
    #[serde(default)]
    pub strangers: u32,
    /// The act could not be played on what the client offered.
    #[serde(default)]
    pub beyond: bool,
    /// Whether the device asked auscult for the time in this act, before its last connection.
    #[serde(default)]
    pub time_asked: bool,
}

/// One connection of the device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// How far it went.
    pub reached: Reached,
    /// How it ended.
    pub ended: Ended,
    /// The alert that the device sent, by number.
    #[serde(default)]
    pub alert: Option<u8>,
    /// What its hello offered.
    #[serde(default)]
    pub hello: Option<Hello>,
    /// What it said above TLS, or in clear where it spoke no TLS.
    #[serde(default)]
    pub said: Option<Said>,
}

/// How far a connection went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// It was opened, and nothing was said on it.
    Tcp,
    /// Bytes came that are neither TLS nor a protocol that is known here.
    Noise,
    /// A TLS hello came.
    Hello,
    /// The device sent its part of the key exchange: it took certificate, version and suite as they were.
    KeyExchange,
    /// The handshake is complete on both sides.
    Handshake,
    /// The device sent something of its own inside TLS.
    Inside,
    /// The device sent something of its own in clear.
    InClear,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// The device refused with an alert.
    Alert,
    /// The device closed it.
    Closed,
    /// The time for it was over.
    TimeOver,
    /// All was seen, and auscult closed it.
    Seen,
    /// The device sent or was to be sent more than is allowed.
    TooMuch,
}

/// What a TLS hello offered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// Versions, as on the wire; of a client that names only its newest one, that one.
    pub versions: Vec<u16>,
    /// Number of suites.
    pub suites: u32,
    /// Names of the broken suites among them, of our own list.
    #[serde(default)]
    pub broken: Vec<String>,
    /// Whether it asked for a server by name, and whether the name is one of the far end.
    pub named: Named,
    /// Number of application protocols.
    #[serde(default)]
    pub alpn: u32,
    /// Whether it asked for a stapled status of the certificate.
    #[serde(default)]
    pub status_asked: bool,
}

/// Which server a hello asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Named {
    /// None.
    #[default]
    Nobody,
    /// A declared name of the far end.
    FarEnd,
    /// Another one.
    SomebodyElse,
}

/// What a client said of its own: counts and kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Protocol that its first bytes are of: `mqtt` or `http`.
    #[serde(default)]
    pub protocol: Option<String>,
    /// Bytes that it sent.
    pub bytes: u64,
    /// Whether a name, client id or the like came with it.
    #[serde(default)]
    pub identity: bool,
    /// Whether a password or token came with it.
    #[serde(default)]
    pub credentials: bool,
    /// Messages, or requests with a body, that it handed over.
    #[serde(default)]
    pub messages: u32,
    /// Bytes of these.
    #[serde(default)]
    pub payload: u64,
}

/// How a client stood towards an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stance {
    /// It went on as with the proper far end.
    WentOn,
    /// It ended the connection before it said anything of its own.
    Refused,
    /// It did not dial.
    Away,
    /// It dialled, and what it did decides nothing.
    Unclear,
    /// The act could not be played on what the client offered.
    Beyond,
    /// The act was not played.
    NotPlayed,
}

impl FarEnd {
    /// The first act of a kind.
    pub fn act(&self, play: Play) -> Option<&Act> {
        self.acts.iter().find(|a| a.play == play)
    }

    /// How far the device went with the proper far end; `None` where it did not get through a handshake, or said
    /// something in clear.
    pub fn proper(&self) -> Option<Reached> {
        let meetings = &self.act(Play::Proper)?.meetings;
        let reached = meetings.iter().map(|m| m.reached);
        reached.filter(|r| matches!(r, Reached::Handshake | Reached::Inside)).max()
    }

    /// How the client stood towards an act, seen beside what it did with the proper far end.
    ///
    /// Whoever connects more than once is judged by the connection on which he went furthest; what was said in clear
    /// is another matter.
    pub fn stance(&self, play: Play) -> Stance {
        let Some(act) = self.act(play) else { return Stance::NotPlayed };
        if act.meetings.is_empty() {
            return Stance::Away;
        }
        let protected = act.meetings.iter().filter(|m| m.reached != Reached::InClear);
        let Some(furthest) = protected.max_by_key(|m| m.reached) else { return Stance::Unclear };
        let ended_by_device = matches!(furthest.ended, Ended::Alert | Ended::Closed);
        match furthest.reached {
            Reached::Inside | Reached::KeyExchange => Stance::WentOn,
            Reached::InClear | Reached::Noise | Reached::Tcp => Stance::Unclear,
            _ if act.beyond => Stance::Beyond,
            Reached::Handshake if self.proper() == Some(Reached::Handshake) => Stance::WentOn,
            Reached::Handshake | Reached::Hello if ended_by_device => Stance::Refused,
            Reached::Handshake | Reached::Hello => Stance::Unclear,
        }
    }
}
