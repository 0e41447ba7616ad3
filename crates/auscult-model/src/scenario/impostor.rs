//! The far ends that auscult may play towards a client, as a scenario declares them.

use std::collections::HashMap;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use toml::de::DeValue;

use super::mistake::Mistakes;
use super::parse::{endpoint, paths, words};
use super::reader::{At, Table, wrong_type};
use super::replay::replay;
use super::update::update;
use super::{Endpoint, Flow, Node, Place, Replay, Update};
use crate::{Message, NodeKind};

/// Longest time that one act waits for the device, in seconds.
pub const LONGEST_WAIT: u32 = 600;
/// How long an act waits where nothing is said, in seconds.
const USUAL_WAIT: u32 = 30;
/// Most far ends that are played towards one node.
const MOST: usize = 8;

const KEYS: [&str; 9] = ["for", "listen", "set_up", "wait", "ca", "ca_key", "trigger", "dns", "ntp"];

/// A far end that is played towards a node on the bench.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impostor {
    /// Whom it plays: the end of a declared flow of the node.
    pub far: Endpoint,
    /// Where auscult listens, an address of its own machine.
    pub listen: SocketAddr,
    /// How the device gets there.
    pub set_up: SetUp,
    /// How long one act waits for the device to dial, in seconds, 1 to [`LONGEST_WAIT`].
    pub wait_seconds: u32,
    /// File with the certificate of the authority that the device trusts on the bench, PEM.
    pub ca: String,
    /// File with the key of that authority, PEM; read, and never written anywhere.
    pub ca_key: String,
    /// What makes the device dial.
    pub trigger: Option<Trigger>,
    /// Where auscult answers DNS for the test network.
    pub dns: Option<SocketAddr>,
    /// Where auscult answers NTP for the test network.
    pub ntp: Option<SocketAddr>,
    /// Where it is declared.
    pub place: Place,
}

/// How a device gets to the impostor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetUp {
    /// The device was told the impostor's address.
    Told,
    /// The DNS of the test network names the impostor.
    Dns,
    /// The far end's own address leads to the machine of auscult, which sits in line.
    Inline,
}

impl SetUp {
    /// All, in the order of the manual.
    pub const ALL: &'static [Self] = &[Self::Told, Self::Dns, Self::Inline];

    /// The word used in scenarios.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Dns => "dns",
            Self::Inline => "inline",
        }
    }

    /// The reverse of [`word`](Self::word).
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.word() == word)
    }
}

/// An HTTP address of the device itself: one that makes it dial, or that tells something of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Port of the device.
    pub port: u16,
    /// Path; begins with `/`.
    pub path: String,
}

/// The far ends of one node, and what they offer and send to it.
type Declared = (Vec<Impostor>, Option<Update>, Option<Replay>);

/// Reads the impostors of every node; the nodes and flows are known by then.
pub(super) fn impostors(top: Table<'_, '_>, nodes: &mut [Node], flows: &[Flow], mistakes: &mut Mistakes<'_>) {
    let mut found: Vec<(usize, Declared)> = Vec::new();
    {
        let index: HashMap<&str, &Node> = nodes.iter().map(|n| (n.id.as_str(), n)).collect();
        let kinds: HashMap<String, NodeKind> =
            nodes.iter().map(|n| (n.id.as_str().to_owned(), n.kind)).collect();
        for (place, node) in nodes.iter().enumerate() {
            // Whatever is wrong with these tables was told when the nodes were read.
            let Some(DeValue::Table(group)) = top.table.get(node.kind.word()).map(toml::Spanned::get_ref)
            else {
                continue;
            };
            let Some((key, DeValue::Table(table))) =
                group.get_key_value(node.id.as_str()).map(|(k, v)| (k, v.get_ref()))
            else {
                continue;
            };
            if !["impostor", "update", "replay"].iter().any(|key| table.contains_key(*key)) {
                continue;
            }
            let name = format!("[{}.{}]", node.kind, node.id);
            let table = Table { table, name: &name, at: key.span().start };
            let mut of_node: Vec<Impostor> = Vec::new();
            for item in table.list("impostor", "[[…impostor]] tables", MOST, mistakes) {
                let DeValue::Table(fields) = item.get_ref() else {
                    wrong_type("impostor", "tables with `for` and `listen`", item, mistakes);
                    continue;
                };
                let fields = Table { table: fields, name: "an impostor", at: item.span().start };
                let read = Reading { node, index: &index, kinds: &kinds, flows };
                if let Some((impostor, at)) = read.impostor(fields, mistakes) {
                    if of_node.iter().any(|other| other.listen == impostor.listen) {
                        let message = Message::new("scenario.double-listen").with("address", impostor.listen);
                        mistakes.add(at, message, None);
                        continue;
                    }
                    of_node.push(impostor);
                }
            }
            let update = table.table("update", mistakes).and_then(|(fields, at)| {
                update(Table { table: fields, name: "an update", at }, node, &of_node, mistakes)
            });
            let replay = table.table("replay", mistakes).and_then(|(fields, at)| {
                replay(Table { table: fields, name: "a replay", at }, node, &of_node, mistakes)
            });
            found.push((place, (of_node, update, replay)));
        }
    }
    for (place, (of_node, update, replay)) in found {
        if let Some(node) = nodes.get_mut(place) {
            node.impostors = of_node;
            node.update = update;
            node.replay = replay;
        }
    }
}

/// What is known while the impostors of a node are read.
struct Reading<'r> {
    node: &'r Node,
    index: &'r HashMap<&'r str, &'r Node>,
    kinds: &'r HashMap<String, NodeKind>,
    flows: &'r [Flow],
}

impl Reading<'_> {
    fn impostor(
        &self,
        fields: Table<'_, '_>,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<(Impostor, std::ops::Range<usize>)> {
        fields.only(&KEYS, mistakes);
        let far = fields.needed_text("for", mistakes).and_then(|t| self.far(&t, mistakes));
        let listen = fields.needed_text("listen", mistakes);
        let span = listen.as_ref().map(|l| l.span.clone());
        let listen = listen.and_then(|t| self.address(&t, mistakes));
        let set_ups = words(SetUp::ALL, SetUp::word);
        let set_up = fields.word("set_up", "set-up", SetUp::from_word, &set_ups, mistakes);
        if !fields.table.contains_key("set_up") {
            fields.missing("set_up", mistakes);
        }
        let wait = match fields.text("wait", mistakes) {
            None => Some(USUAL_WAIT),
            Some(text) => seconds(&text, mistakes),
        };
        let mut file =
            |key: &str| paths(fields.needed_text(key, mistakes).into_iter().collect(), mistakes).pop();
        let (ca, ca_key) = (file("ca"), file("ca_key"));
        let trigger = match fields.text("trigger", mistakes) {
            None => Some(None),
            Some(text) => own_address(self.node, &text, mistakes).map(Some),
        };
        let dns = match fields.text("dns", mistakes) {
            None => Some(None),
            Some(text) => self.address(&text, mistakes).map(Some),
        };
        let ntp = match fields.text("ntp", mistakes) {
            None => Some(None),
            Some(text) => self.address(&text, mistakes).map(Some),
        };
        if set_up == Some(SetUp::Dns) && dns == Some(None) {
            fields.missing("dns", mistakes);
        }
        let impostor = Impostor {
            far: far?,
            listen: listen?,
            set_up: set_up?,
            wait_seconds: wait?,
            ca: ca?,
            ca_key: ca_key?,
            trigger: trigger?,
            dns: dns?,
            ntp: ntp?,
            place: mistakes.place(fields.at),
        };
        Some((impostor, span?))
    }

    /// The end of a flow that the node opens.
    fn far(&self, text: &At<String>, mistakes: &mut Mistakes<'_>) -> Option<Endpoint> {
        let far = endpoint(text, self.index, self.kinds, mistakes)?;
        let flows_there = |flow: &Flow| flow.from.node == self.node.id && flow.to == far;
        if far.service.is_none() || !self.flows.iter().any(flows_there) {
            let message = Message::new("scenario.impostor-without-flow")
                .with("node", &self.node.id)
                .with("far", &text.value);
            mistakes.add(text.span.clone(), message, Some(Message::new("scenario.hint-impostor-flow")));
            return None;
        }
        Some(far)
    }

    /// An address and port of this machine; that of the device is none of ours.
    fn address(&self, text: &At<String>, mistakes: &mut Mistakes<'_>) -> Option<SocketAddr> {
        let address = text.value.parse::<SocketAddr>().ok().filter(|a| {
            let ip = a.ip().to_canonical();
            !ip.is_unspecified() && !ip.is_multicast() && a.port() > 0 && Some(ip) != self.node.address
        });
        if address.is_none() {
            let message = Message::new("scenario.bad-listen").with("address", &text.value);
            mistakes.add(text.span.clone(), message, Some(Message::new("scenario.hint-listen")));
        }
        address
    }
}

/// `http://ADDRESS[:PORT]/PATH` with the address of the node itself.
pub(super) fn own_address(node: &Node, text: &At<String>, mistakes: &mut Mistakes<'_>) -> Option<Trigger> {
    let trigger = (|| {
        let rest = text.value.strip_prefix("http://")?;
        let (host, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len()))?;
        let at: SocketAddr = match host.parse() {
            Ok(at) => at,
            Err(_) => SocketAddr::new(host.trim_matches(['[', ']']).parse().ok()?, 80),
        };
        let fine = path.len() <= 200 && path.bytes().all(|b| b.is_ascii_graphic()) && at.port() > 0;
        (fine && Some(at.ip().to_canonical()) == node.address).then(|| Trigger {
            port: at.port(),
            path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
        })
    })();
    if trigger.is_none() {
        let message = Message::new("scenario.bad-trigger").with("text", &text.value);
        mistakes.add(text.span.clone(), message, Some(Message::new("scenario.hint-trigger")));
    }
    trigger
}

pub(super) fn seconds(text: &At<String>, mistakes: &mut Mistakes<'_>) -> Option<u32> {
    let seconds = seconds_within(&text.value, LONGEST_WAIT);
    if seconds.is_none() {
        let message = Message::new("scenario.bad-wait").with("text", &text.value);
        mistakes.add(text.span.clone(), message, Some(Message::new("scenario.hint-wait")));
    }
    seconds
}

/// A time such as `30 s` or `5 min` in seconds, 1 to `most`.
pub(super) fn seconds_within(text: &str, most: u32) -> Option<u32> {
    let (number, unit) = text.split_once(' ')?;
    let number: u32 = number.parse().ok()?;
    let seconds = match unit {
        "s" | "second" | "seconds" => number,
        "min" | "minute" | "minutes" => number.checked_mul(60)?,
        _ => return None,
    };
    (1..=most).contains(&seconds).then_some(seconds)
}
