//! What was not decided and what closes it; what does not apply and why.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use auscult_model::assessment::Assessment;
use auscult_model::{NodeId, RequirementId, Verdict};

use super::Names;
use crate::escape::Shown;
use crate::words::Words;

/// Pairs of requirement and node that share a reason.
#[derive(Debug)]
pub(crate) struct Reasoned {
    pub(crate) because: Shown,
    pub(crate) rulings: usize,
    /// Node and its requirements.
    pub(crate) nodes: Vec<(Shown, Vec<Shown>)>,
}

/// Undecided rulings by reason, the commonest first.
pub(crate) fn undecided(assessment: &Assessment, names: &Names<'_>, words: Words<'_>) -> Vec<Reasoned> {
    let pairs = assessment
        .rulings
        .iter()
        .filter(|r| r.verdict == Verdict::Inconclusive)
        .map(|r| (words.reason(&r.reason), &r.node, &r.requirement));
    by_reason(pairs, names)
}

/// One next step and everything that it closes.
#[derive(Debug)]
pub(crate) struct Step {
    /// The command, or what a person does.
    pub(crate) next: Shown,
    pub(crate) by_hand: bool,
    /// Requirement, its title, why it is open, and on which nodes.
    pub(crate) items: Vec<StepItem>,
    /// Gaps closed.
    pub(crate) gaps: usize,
}

/// One requirement that a step would decide.
#[derive(Debug)]
pub(crate) struct StepItem {
    pub(crate) requirement: Shown,
    pub(crate) title: Shown,
    pub(crate) because: Shown,
    /// Targets, or nodes where no target is named.
    pub(crate) targets: Vec<Shown>,
}

/// Next steps: commands first, those that close most first; then what people do.
pub(crate) fn steps(assessment: &Assessment, names: &Names<'_>, words: Words<'_>) -> Vec<Step> {
    type Items<'a> = BTreeMap<(&'a RequirementId, Shown), Vec<Shown>>;
    let mut by_step: BTreeMap<(bool, Shown), (usize, Items<'_>)> = BTreeMap::new();
    for gap in &assessment.not_tested {
        let (gaps, items) = by_step.entry((gap.by_hand, Shown::prose(&gap.next))).or_default();
        *gaps += 1;
        let target = gap.target.as_deref().map_or_else(|| names.node(&gap.node), |t| names.endpoint(t));
        let targets = items.entry((&gap.requirement, words.reason(&gap.reason))).or_default();
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    let mut steps: Vec<Step> = by_step
        .into_iter()
        .map(|((by_hand, next), (gaps, items))| Step {
            next,
            by_hand,
            items: items
                .into_iter()
                .map(|((requirement, because), targets)| StepItem {
                    requirement: Shown::line(requirement.as_str()),
                    title: names.title(requirement),
                    because,
                    targets,
                })
                .collect(),
            gaps,
        })
        .collect();
    steps.sort_by_key(|s| (s.by_hand, Reverse(s.gaps)));
    steps
}

/// What does not apply, by reason, the commonest first.
pub(crate) fn exempt(assessment: &Assessment, names: &Names<'_>, words: Words<'_>) -> Vec<Reasoned> {
    let pairs = assessment.not_applicable.iter().map(|n| (words.reason(&n.reason), &n.node, &n.requirement));
    by_reason(pairs, names)
}

fn by_reason<'a>(
    pairs: impl Iterator<Item = (Shown, &'a NodeId, &'a RequirementId)>,
    names: &Names<'_>,
) -> Vec<Reasoned> {
    let mut reasons: BTreeMap<Shown, BTreeMap<(usize, &NodeId), Vec<Shown>>> = BTreeMap::new();
    for (because, node, requirement) in pairs {
        let nodes = reasons.entry(because).or_default();
        nodes.entry((names.place(node), node)).or_default().push(Shown::line(requirement.as_str()));
    }
    let mut reasons: Vec<Reasoned> = reasons
        .into_iter()
        .map(|(because, nodes)| Reasoned {
            because,
            rulings: nodes.values().map(Vec::len).sum(),
            nodes: nodes
                .into_iter()
                .map(|((_, node), mut requirements)| {
                    requirements.sort();
                    requirements.dedup();
                    (names.node(node), requirements)
                })
                .collect(),
        })
        .collect();
    reasons.sort_by_key(|r| Reverse(r.rulings));
    reasons
}
