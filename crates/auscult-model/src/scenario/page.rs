//! The pages on which a maker publishes what it owes to everybody, as a scenario declares them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use toml::de::DeValue;

use super::mistake::Mistakes;
use super::parse::{endpoint, words};
use super::reader::{At, Table, wrong_type};
use super::{Endpoint, Node, Place};
use crate::{Message, NodeKind, Transport};

/// Most pages that one service publishes: each costs a few questions.
pub const MOST_PAGES: usize = 32;

/// Longest path, in bytes.
const LONGEST: usize = 200;

const KEYS: [&str; 3] = ["kind", "on", "path"];

/// What a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageKind {
    /// How flaws are reported, and when a reporter hears what (EN 303 645, 5.2-1).
    DisclosurePolicy,
    /// Until when security updates are given (5.3-13).
    SupportPeriod,
    /// Why a part cannot be updated, and how and how long it is replaced (5.3-14).
    ReplacementPlan,
    /// What the product senses (5.8-3).
    Sensors,
}

impl PageKind {
    /// All, in the order of the manual.
    pub const ALL: &'static [Self] =
        &[Self::DisclosurePolicy, Self::SupportPeriod, Self::ReplacementPlan, Self::Sensors];

    /// The word used in scenarios.
    pub const fn word(self) -> &'static str {
        match self {
            Self::DisclosurePolicy => "disclosure-policy",
            Self::SupportPeriod => "support-period",
            Self::ReplacementPlan => "replacement-plan",
            Self::Sensors => "sensors",
        }
    }

    /// The reverse of [`word`](Self::word).
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

/// A page that a node's maker owes to everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// What it is about; a node has one of each at most.
    pub kind: PageKind,
    /// The web service on which it stands, of this node or another.
    pub on: Endpoint,
    /// Its path; begins with `/`.
    pub path: String,
    /// Where it is declared.
    pub place: Place,
}

/// Reads the pages of every node; the nodes are known by then.
pub(super) fn pages(top: Table<'_, '_>, nodes: &mut [Node], mistakes: &mut Mistakes<'_>) {
    let mut found: Vec<(usize, Vec<Page>)> = Vec::new();
    {
        let index: HashMap<&str, &Node> = nodes.iter().map(|n| (n.id.as_str(), n)).collect();
        let kinds: HashMap<String, NodeKind> =
            nodes.iter().map(|n| (n.id.as_str().to_owned(), n.kind)).collect();
        let mut on_service: HashMap<String, usize> = HashMap::new();
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
            if !table.contains_key("page") {
                continue;
            }
            let name = format!("[{}.{}]", node.kind, node.id);
            let table = Table { table, name: &name, at: key.span().start };
            let mut of_node: Vec<Page> = Vec::new();
            for item in table.list("page", "[[…page]] tables", PageKind::ALL.len(), mistakes) {
                let DeValue::Table(fields) = item.get_ref() else {
                    wrong_type("page", "tables with `kind`, `on` and `path`", item, mistakes);
                    continue;
                };
                let fields = Table { table: fields, name: "a page", at: item.span().start };
                let Some(page) = page(fields, node, &index, &kinds, mistakes) else { continue };
                let span = item.span();
                if of_node.iter().any(|other| other.kind == page.kind) {
                    let message = Message::new("scenario.double-page")
                        .with("node", &node.id)
                        .with("kind", page.kind.word());
                    mistakes.add(span, message, None);
                    continue;
                }
                let count = on_service.entry(page.on.label()).or_default();
                *count += 1;
                if *count > MOST_PAGES {
                    let message = Message::new("scenario.too-many").with("what", "pages of one service");
                    mistakes.add(span, message.with("count", *count).with("most", MOST_PAGES), None);
                    continue;
                }
                of_node.push(page);
            }
            found.push((place, of_node));
        }
    }
    for (place, of_node) in found {
        if let Some(node) = nodes.get_mut(place) {
            node.pages = of_node;
        }
    }
}

fn page(
    fields: Table<'_, '_>,
    node: &Node,
    index: &HashMap<&str, &Node>,
    kinds: &HashMap<String, NodeKind>,
    mistakes: &mut Mistakes<'_>,
) -> Option<Page> {
    fields.only(&KEYS, mistakes);
    let all = words(PageKind::ALL, PageKind::word);
    let kind = fields.needed_text("kind", mistakes).and_then(|text| {
        let kind = super::reader::word(&text, "kind of page", PageKind::from_word, &all, mistakes)?;
        if kind == PageKind::DisclosurePolicy && node.kind != NodeKind::Process {
            let message = Message::new("scenario.policy-not-of-process").with("node", &node.id);
            mistakes.add(text.span, message, Some(Message::new("scenario.hint-policy-of-process")));
            return None;
        }
        Some(kind)
    });
    let on = fields.needed_text("on", mistakes).and_then(|t| web_service(&t, index, kinds, mistakes));
    let path = fields.needed_text("path", mistakes).and_then(|text| {
        let path = &text.value;
        let fine = path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= LONGEST
            && !path.contains(['#', '\\'])
            && path.bytes().all(|b| b.is_ascii_graphic());
        if !fine {
            let message = Message::new("scenario.bad-page-path").with("path", path);
            mistakes.add(text.span.clone(), message, Some(Message::new("scenario.hint-page-path")));
        }
        fine.then_some(text.value)
    });
    Some(Page { kind: kind?, on: on?, path: path?, place: mistakes.place(fields.at) })
}

/// A service over TCP that is declared to speak HTTP.
fn web_service(
    text: &At<String>,
    index: &HashMap<&str, &Node>,
    kinds: &HashMap<String, NodeKind>,
    mistakes: &mut Mistakes<'_>,
) -> Option<Endpoint> {
    let on = endpoint(text, index, kinds, mistakes)?;
    let service = on.service.as_ref().and_then(|s| index.get(on.node.as_str())?.service(s.as_str()));
    let web = service.is_some_and(|s| s.transport == Transport::Tcp && s.protocol.as_deref() == Some("http"));
    if !web {
        let message = Message::new("scenario.page-without-web").with("on", &text.value);
        mistakes.add(text.span.clone(), message, Some(Message::new("scenario.hint-page-on")));
    }
    web.then_some(on)
}
