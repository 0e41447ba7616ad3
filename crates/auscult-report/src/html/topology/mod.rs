//! The picture of nodes and flows: zones under each other, a box for each node, a line for each declared flow.
//!
//! Everything in it is said in words by the two tables below it; beyond [`MOST_NODES`] there are only the tables.

mod layout;
mod outline;
mod tables;

use std::collections::{BTreeMap, HashMap};

use auscult_model::assessment::{Assessment, FlowSummary, NodeSummary};
use auscult_model::{NodeId, NodeKind, Setting, Verdict};

use self::layout::{Item, Leg, Rect, place};
pub(super) use self::tables::{FlowRow, NodeRow};
use crate::escape::Shown;
use crate::view::Names;
use crate::words::Words;

/// More boxes than this cannot be read on a sheet of A4.
const MOST_NODES: usize = 24;
/// More lines than this hide what they should show.
const MOST_FLOWS: usize = 60;
/// Longest line of a name in a box, in characters.
const NAME_LENGTH: usize = 20;
/// Longest label of undeclared services, in characters.
const LABEL_LENGTH: usize = 26;

/// The topology as picture and as tables.
#[derive(Debug)]
pub(super) struct Topology {
    /// `None` when there are too many nodes, or none.
    pub(super) picture: Option<Picture>,
    /// Why there is no picture.
    pub(super) missing: Option<Shown>,
    pub(super) nodes: Vec<NodeRow>,
    pub(super) flows: Vec<FlowRow>,
}

/// What the picture consists of, in the order in which it is painted.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) title: Shown,
    pub(super) desc: Shown,
    pub(super) bands: Vec<Band>,
    pub(super) lines: Vec<Line>,
    pub(super) blocks: Vec<Block>,
    pub(super) tags: Vec<Tag>,
}

/// A zone.
#[derive(Debug)]
pub(super) struct Band {
    pub(super) rect: Rect,
    pub(super) name: Shown,
    /// `odd` or `even`, for the ground.
    pub(super) class: &'static str,
}

/// A node.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) rect: Rect,
    /// `device`, `gateway`, `network`, `cloud` or `process`.
    pub(super) class: &'static str,
    /// One or two lines, each with its base line.
    pub(super) name: Vec<(i32, Shown)>,
    pub(super) role: Shown,
    /// Middle of the box.
    pub(super) x: i32,
    pub(super) verdict: Option<Verdict>,
    pub(super) verdict_words: Shown,
    /// Services that answer and are not declared.
    pub(super) undeclared: Option<Shown>,
}

/// A flow, or the part of it up to the next network.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) path: String,
    /// Arrow head, on the last part only.
    pub(super) head: Option<String>,
    /// `protected`, `clear` or `unknown`.
    pub(super) class: &'static str,
}

/// Padlock, number and word at the beginning of a flow.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) rect: Rect,
    pub(super) class: &'static str,
    pub(super) number: usize,
    pub(super) word: Shown,
}

impl Block {
    /// Sign and class of the verdict, in a box that has one.
    pub(super) fn mark(&self) -> Option<(&'static str, &'static str)> {
        self.verdict.map(|v| (crate::view::sign(v), super::class(v)))
    }
}

impl Topology {
    pub(super) fn new(assessment: &Assessment, names: &Names<'_>, words: Words<'_>) -> Self {
        let verdicts = Verdicts::new(assessment);
        let nodes = assessment.nodes.iter().map(|n| NodeRow::new(n, &verdicts, names, words)).collect();
        let flows = (1..).zip(&assessment.flows).map(|(n, f)| FlowRow::new(n, f, names, words)).collect();
        let count = assessment.nodes.len();
        let fits = count <= MOST_NODES && assessment.flows.len() <= MOST_FLOWS;
        Self {
            picture: (fits && count > 0).then(|| picture(assessment, &verdicts, words)),
            missing: (!fits).then(|| words.count("topology-too-many", count)),
            nodes,
            flows,
        }
    }
}

/// How many rulings of each verdict a node has.
#[derive(Debug)]
pub(super) struct Verdicts<'a>(BTreeMap<&'a NodeId, [usize; 3]>);

impl<'a> Verdicts<'a> {
    fn new(assessment: &'a Assessment) -> Self {
        let mut counts: BTreeMap<&NodeId, [usize; 3]> = BTreeMap::new();
        for ruling in &assessment.rulings {
            let slot = match ruling.verdict {
                Verdict::Fail => 0,
                Verdict::Inconclusive => 1,
                Verdict::Pass => 2,
            };
            counts.entry(&ruling.node).or_default()[slot] += 1;
        }
        Self(counts)
    }

    /// The verdict on a node and how many rulings stand behind it.
    pub(super) fn of(&self, node: &NodeId, words: Words<'_>) -> (Option<Verdict>, Shown) {
        match self.0.get(node) {
            Some([failed @ 1..=usize::MAX, _, _]) => (Some(Verdict::Fail), words.count("failed", *failed)),
            Some([0, open @ 1..=usize::MAX, _]) => {
                (Some(Verdict::Inconclusive), words.count("undecided", *open))
            }
            Some([0, 0, passed @ 1..=usize::MAX]) => (Some(Verdict::Pass), words.count("passed", *passed)),
            _ => (None, words.word("unassessed")),
        }
    }
}

/// Class of the lines of a flow, and its word.
pub(super) fn protection(flow: &FlowSummary, words: Words<'_>) -> (&'static str, Shown) {
    match flow.protected {
        Some(true) => ("protected", words.word("protected")),
        Some(false) => ("clear", words.word("in-clear")),
        None => ("unknown", words.word("unknown")),
    }
}

fn picture(assessment: &Assessment, verdicts: &Verdicts<'_>, words: Words<'_>) -> Picture {
    let items: Vec<Item> = assessment.nodes.iter().map(|n| item(n, assessment.scenario.setting)).collect();
    let index: HashMap<&str, usize> =
        assessment.nodes.iter().enumerate().map(|(at, n)| (n.id.as_str(), at)).collect();
    let mut legs = Vec::new();
    let mut flow_of = Vec::new();
    for (at, flow) in assessment.flows.iter().enumerate() {
        for leg in legs_of(flow, &index) {
            legs.push(leg);
            flow_of.push(at);
        }
    }
    let placed = place(&items, &legs);
    let clear = assessment.flows.iter().filter(|f| f.protected == Some(false)).count();
    Picture {
        width: placed.width,
        height: placed.height,
        title: words.say("topology-title", &[("title", &Shown::line(&assessment.scenario.title))]),
        desc: words.say(
            "topology-desc",
            &[("n", &assessment.nodes.len()), ("flows", &assessment.flows.len()), ("clear", &clear)],
        ),
        bands: placed
            .zones
            .iter()
            .zip(["odd", "even"].into_iter().cycle())
            .map(|((zone, rect), class)| Band {
                rect: *rect,
                name: words.word(zone_word(*zone, assessment.scenario.setting)),
                class,
            })
            .collect(),
        lines: placed
            .lines
            .iter()
            .enumerate()
            .map(|(at, corners)| {
                let last = flow_of.get(at + 1) != Some(&flow_of[at]);
                Line {
                    path: outline::path(corners),
                    head: last.then(|| outline::head(corners)).flatten(),
                    class: protection(&assessment.flows[flow_of[at]], words).0,
                }
            })
            .collect(),
        blocks: assessment
            .nodes
            .iter()
            .zip(&placed.boxes)
            .map(|(node, rect)| block(node, *rect, verdicts, words))
            .collect(),
        tags: placed
            .tags
            .iter()
            .enumerate()
            .filter_map(|(at, rect)| {
                let (class, word) = protection(&assessment.flows[flow_of[at]], words);
                Some(Tag { rect: (*rect)?, class, number: flow_of[at] + 1, word })
            })
            .collect(),
    }
}

/// The way of a flow from its source through the networks it crosses; empty when an end is not described.
fn legs_of(flow: &FlowSummary, index: &HashMap<&str, usize>) -> Vec<Leg> {
    let node = |endpoint: &str| index.get(endpoint.split('/').next().unwrap_or_default()).copied();
    let (Some(from), Some(to)) = (node(&flow.from), node(&flow.to)) else { return Vec::new() };
    let mut stops = vec![from];
    stops.extend(
        flow.over.iter().filter_map(|n| index.get(n.as_str()).copied()).filter(|n| *n != from && *n != to),
    );
    stops.push(to);
    stops.dedup();
    (0..).zip(stops.windows(2)).map(|(at, w)| Leg { from: w[0], to: w[1], tagged: at == 0 }).collect()
}

const ZONES: [&str; 5] = ["zone-homecare", "zone-fiveg", "zone-cloud", "zone-clinic", "zone-process"];

/// The place of care that the scenario is about comes first, the other one last.
fn zone_word(zone: usize, setting: Setting) -> &'static str {
    match (zone, setting) {
        (0, Setting::IntegratedCare) => ZONES[3],
        (3, Setting::IntegratedCare) => ZONES[0],
        _ => ZONES[zone.min(ZONES.len() - 1)],
    }
}

fn item(node: &NodeSummary, main: Setting) -> Item {
    let at_care = if node.setting == main { 0 } else { 3 };
    let mobile = node.network_kind.as_deref().is_some_and(is_mobile);
    let (zone, rank) = match node.kind {
        NodeKind::Device => (at_care, 0),
        NodeKind::Gateway => (at_care, 1),
        NodeKind::Network if mobile => (1, 0),
        NodeKind::Network => (at_care, 2),
        NodeKind::Cloud if at_care == 0 || node.setting == Setting::Homecare => (2, 0),
        // A service in the practice, seen from the home.
        NodeKind::Cloud => (3, 1),
        NodeKind::Process => (4, 0),
    };
    // In the last zone lines come from above: networks first, devices last.
    let rank = if zone == 3 { 2 - rank.min(2) } else { rank };
    Item {
        zone,
        rank,
        tall: node.services.iter().any(|s| !s.declared),
        passage: node.kind == NodeKind::Network,
    }
}

fn is_mobile(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    ["5g", "4g", "lte", "mobile", "cellular", "nb-iot"].iter().any(|word| kind.contains(word))
}

fn block(node: &NodeSummary, rect: Rect, verdicts: &Verdicts<'_>, words: Words<'_>) -> Block {
    let (verdict, verdict_words) = verdicts.of(&node.id, words);
    let kind = words.value("kind", node.kind.word());
    let class = words.say("class", &[("class", &Shown::line(node.class.word()))]);
    let name =
        two_lines(&Shown::line(if node.name.trim().is_empty() { node.id.as_str() } else { &node.name }));
    let first = rect.y + if name.len() > 1 { 18 } else { 27 };
    let undeclared: Vec<&str> =
        node.services.iter().filter(|s| !s.declared).map(|s| s.port.as_str()).collect();
    Block {
        rect,
        class: node.kind.word(),
        name: (first..).step_by(16).zip(name).collect(),
        role: Shown::words(&format!("{kind} · {class}")),
        x: rect.x + rect.w / 2,
        verdict,
        verdict_words,
        undeclared: (!undeclared.is_empty()).then(|| {
            let services = Shown::line(&undeclared.join(", "));
            words.say("undeclared", &[("services", &services)]).cut(LABEL_LENGTH)
        }),
    }
}

/// A name broken at a space into at most two lines that fit into a box.
fn two_lines(name: &Shown) -> Vec<Shown> {
    let mut first = String::new();
    let mut words = name.as_str().split(' ').filter(|w| !w.is_empty()).peekable();
    while let Some(word) = words.peek() {
        let joined = if first.is_empty() { (*word).to_owned() } else { format!("{first} {word}") };
        if joined.chars().count() > NAME_LENGTH && !first.is_empty() {
            break;
        }
        first = joined;
        words.next();
    }
    let rest = words.collect::<Vec<_>>().join(" ");
    let lines = [Shown::words(&first).cut(NAME_LENGTH), Shown::words(&rest).cut(NAME_LENGTH)];
    lines.into_iter().filter(|l| !l.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_break_into_two_lines() {
        let lines =
            |name: &str| two_lines(&Shown::line(name)).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(lines("Cuff"), ["Cuff"]);
        assert_eq!(lines("Blood pressure cuff of the ward"), ["Blood pressure cuff", "of the ward"]);
        assert_eq!(lines(&"x".repeat(40)), [format!("{}…", "x".repeat(19))]);
        assert_eq!(lines(" "), Vec::<String>::new());
    }

    #[test]
    fn the_place_of_care_stands_first() {
        assert_eq!(zone_word(0, Setting::IntegratedCare), "zone-clinic");
        assert_eq!(zone_word(3, Setting::IntegratedCare), "zone-homecare");
        assert_eq!(zone_word(1, Setting::IntegratedCare), "zone-fiveg");
    }
}
