//! Requirements by area with the verdict on each node.

use std::collections::{BTreeMap, BTreeSet};

use auscult_model::assessment::{Assessment, Ruling};
use auscult_model::{NodeId, RequirementId, Verdict};

use super::Names;
use super::findings::{Seen, applies};
use super::names::{area_name, area_order};
use crate::escape::Shown;
use crate::words::Words;

/// Most nodes that a table shows side by side on a sheet of A4; beyond, each cell lists nodes.
pub(crate) const MOST_COLUMNS: usize = 7;

/// One area.
#[derive(Debug)]
pub(crate) struct Area {
    pub(crate) name: Shown,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) undecided: usize,
    /// Nodes with a ruling in this area, in the order of the scenario.
    pub(crate) nodes: Vec<Shown>,
    pub(crate) rows: Vec<Row>,
}

/// One requirement of an area.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) requirement: Shown,
    pub(crate) title: Shown,
    /// One for each node of the area; `None` where it does not apply.
    pub(crate) cells: Vec<Option<Cell>>,
    /// The same by verdict, worst first, with the names of the nodes.
    pub(crate) groups: Vec<(Cell, Vec<Shown>)>,
    /// Every ruling with its reason.
    pub(crate) rulings: Vec<RulingLine>,
}

/// A verdict as a table shows it.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) verdict: Verdict,
    pub(crate) word: Shown,
}

/// One ruling with what it rests on.
#[derive(Debug)]
pub(crate) struct RulingLine {
    pub(crate) node: Shown,
    pub(crate) verdict: Verdict,
    pub(crate) word: Shown,
    pub(crate) because: Shown,
    pub(crate) applies: Shown,
    /// The gateway without which the verdict does not hold.
    pub(crate) only_with: Option<Shown>,
    pub(crate) trials: Vec<Seen>,
}

impl Cell {
    fn new(verdict: Verdict, words: Words<'_>) -> Self {
        Self { verdict, word: words.value("verdict-word", verdict.word()) }
    }
}

/// Every area that has a ruling.
pub(crate) fn areas(assessment: &Assessment, names: &Names<'_>, words: Words<'_>) -> Vec<Area> {
    type Rows<'a> = BTreeMap<&'a RequirementId, Vec<&'a Ruling>>;
    let mut by_area: BTreeMap<(usize, &str), Rows<'_>> = BTreeMap::new();
    for ruling in &assessment.rulings {
        let code = names.area(&ruling.requirement);
        by_area.entry(area_order(code)).or_default().entry(&ruling.requirement).or_default().push(ruling);
    }
    by_area.into_iter().map(|((_, code), rows)| area(code, rows, names, words)).collect()
}

fn area(
    code: &str,
    rows: BTreeMap<&RequirementId, Vec<&Ruling>>,
    names: &Names<'_>,
    words: Words<'_>,
) -> Area {
    let nodes: BTreeSet<(usize, &NodeId)> =
        rows.values().flatten().map(|r| (names.place(&r.node), &r.node)).collect();
    let count = |verdict| rows.values().flatten().filter(|r| r.verdict == verdict).count();
    Area {
        name: area_name(code, words),
        passed: count(Verdict::Pass),
        failed: count(Verdict::Fail),
        undecided: count(Verdict::Inconclusive),
        rows: rows.iter().map(|(id, rulings)| row(id, rulings, &nodes, names, words)).collect(),
        nodes: nodes.into_iter().map(|(_, id)| names.node(id)).collect(),
    }
}

fn row(
    id: &RequirementId,
    rulings: &[&Ruling],
    nodes: &BTreeSet<(usize, &NodeId)>,
    names: &Names<'_>,
    words: Words<'_>,
) -> Row {
    let mut rulings = rulings.to_vec();
    rulings.sort_by_key(|r| (names.place(&r.node), &r.node));
    let on = |node: &NodeId| {
        let verdicts = rulings.iter().filter(|r| r.node == *node).map(|r| r.verdict);
        verdicts.reduce(Verdict::and).map(|v| Cell::new(v, words))
    };
    Row {
        requirement: Shown::line(id.as_str()),
        title: names.title(id),
        cells: nodes.iter().map(|(_, node)| on(node)).collect(),
        groups: [Verdict::Fail, Verdict::Inconclusive, Verdict::Pass]
            .into_iter()
            .map(|v| (v, rulings.iter().filter(|r| r.verdict == v).map(|r| names.node(&r.node)).collect()))
            .filter(|(_, nodes): &(Verdict, Vec<Shown>)| !nodes.is_empty())
            .map(|(v, nodes)| (Cell::new(v, words), nodes))
            .collect(),
        rulings: rulings.iter().map(|r| line(r, names, words)).collect(),
    }
}

fn line(ruling: &Ruling, names: &Names<'_>, words: Words<'_>) -> RulingLine {
    RulingLine {
        node: names.node(&ruling.node),
        verdict: ruling.verdict,
        word: words.value("verdict-word", ruling.verdict.word()),
        because: words.reason(&ruling.reason),
        applies: applies(ruling, words),
        only_with: ruling.only_with.as_ref().map(|g| words.say("only-with", &[("gateway", &names.node(g))])),
        trials: ruling.trials.iter().map(|t| Seen::new(t, words)).collect(),
    }
}
