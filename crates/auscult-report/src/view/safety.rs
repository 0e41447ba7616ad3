//! What was sent to each node, beside what had been announced, and whether the node stayed alive.

use auscult_model::Impact;
use auscult_model::assessment::{Assessment, SafetySummary};

use super::Names;
use crate::escape::Shown;
use crate::words::Words;

/// What was sent in all.
#[derive(Debug)]
pub(crate) struct Sent {
    /// Packets and connections, sent and announced.
    pub(crate) sentence: Shown,
    /// Whether everything stayed alive.
    pub(crate) liveness: Shown,
    /// More was sent, or rougher steps were taken, than announced or allowed: this must never be overlooked.
    pub(crate) exceeded: Vec<Shown>,
    /// Why work on a node was stopped.
    pub(crate) stopped: Vec<Shown>,
    pub(crate) nodes: Vec<SentTo>,
}

/// What was sent to one node.
#[derive(Debug)]
pub(crate) struct SentTo {
    pub(crate) node: Shown,
    pub(crate) allowed: Shown,
    pub(crate) used: Shown,
    pub(crate) pace: Shown,
    pub(crate) connections: u64,
    pub(crate) connections_announced: u64,
    pub(crate) packets: u64,
    pub(crate) packets_announced: u64,
    pub(crate) liveness: Shown,
}

impl Sent {
    pub(crate) fn new(assessment: &Assessment, names: &Names<'_>, words: Words<'_>) -> Self {
        let all = &assessment.safety;
        let sum = |of: fn(&SafetySummary) -> u64| all.iter().map(of).fold(0, u64::saturating_add);
        let touched = all.iter().filter(|s| s.packets > 0 || s.connections > 0).count();
        let roughest = all.iter().map(|s| s.used).max().unwrap_or(Impact::Passive);
        let (asked, missed) = (sum(|s| s.liveness_asked), sum(|s| s.liveness_missed));
        let sentence = if touched == 0 {
            words.word("sent-nothing")
        } else {
            words.say(
                "sent",
                &[
                    ("n", &touched),
                    ("packets", &sum(|s| s.packets)),
                    ("packets-announced", &sum(|s| s.packets_announced)),
                    ("connections", &sum(|s| s.connections)),
                    ("connections-announced", &sum(|s| s.connections_announced)),
                    ("roughest", &words.value("impact", roughest.word())),
                ],
            )
        };
        Self {
            sentence,
            liveness: liveness(asked, missed, words),
            exceeded: all
                .iter()
                .filter(|s| exceeds(s))
                .map(|s| words.say("exceeded", &[("node", &names.node(&s.node))]))
                .collect(),
            stopped: all
                .iter()
                .filter_map(|s| {
                    let because = words.reason(s.stopped.as_ref()?);
                    Some(words.say("stopped", &[("node", &names.node(&s.node)), ("because", &because)]))
                })
                .collect(),
            nodes: all.iter().map(|s| sent_to(s, names, words)).collect(),
        }
    }
}

fn exceeds(s: &SafetySummary) -> bool {
    s.used > s.allowed || s.packets > s.packets_announced || s.connections > s.connections_announced
}

fn sent_to(s: &SafetySummary, names: &Names<'_>, words: Words<'_>) -> SentTo {
    SentTo {
        node: names.node(&s.node),
        allowed: words.value("impact", s.allowed.word()),
        used: words.value("impact", s.used.word()),
        pace: words.value("pace", s.pace.word()),
        connections: s.connections,
        connections_announced: s.connections_announced,
        packets: s.packets,
        packets_announced: s.packets_announced,
        liveness: words.say("liveness-counts", &[("n", &s.liveness_asked), ("missed", &s.liveness_missed)]),
    }
}

fn liveness(asked: u64, missed: u64, words: Words<'_>) -> Shown {
    let id = match (asked, missed) {
        (0, _) => "liveness-none",
        (_, 0) => "liveness-all",
        _ => "liveness-missed",
    };
    words.say(id, &[("n", &asked), ("missed", &missed)])
}
