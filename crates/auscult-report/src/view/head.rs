//! The head of a report: what was assessed, against what, and the verdict in words.

use std::collections::BTreeMap;

use auscult_model::assessment::Assessment;
use auscult_model::{NodeId, Severity, Verdict};
use jiff::Timestamp;

use super::Names;
use crate::escape::Shown;
use crate::words::Words;

/// Title and particulars.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) title: Shown,
    pub(crate) stage: Shown,
    pub(crate) setting: Shown,
    /// Name and product of each node that is a product.
    pub(crate) products: Vec<(Shown, Shown)>,
    /// `from – until`, in UTC.
    pub(crate) period: Option<Shown>,
    pub(crate) authorised_by: Option<Shown>,
    pub(crate) scenario: Shown,
    pub(crate) catalog: Shown,
    pub(crate) catalog_digest: Shown,
    pub(crate) checks: Shown,
    pub(crate) checks_digest: Shown,
    pub(crate) evidence: Shown,
    pub(crate) records: Shown,
}

impl Head {
    pub(crate) fn new(assessment: &Assessment, words: Words<'_>) -> Self {
        let Assessment { scenario, catalog, checks, evidence, nodes, .. } = assessment;
        Self {
            title: Shown::line(&scenario.title),
            stage: words.value("stage", scenario.stage.word()),
            setting: words.value("setting", scenario.setting.word()),
            products: nodes
                .iter()
                .filter_map(|n| Some((Shown::line(&n.name), Shown::line(n.product.as_deref()?))))
                .collect(),
            period: period(evidence.from, evidence.until, words),
            authorised_by: scenario.authorised_by.as_deref().map(Shown::line),
            scenario: Shown::digest(&scenario.digest),
            catalog: Shown::line(&catalog.version),
            catalog_digest: Shown::digest(&catalog.digest),
            checks: Shown::line(&checks.version),
            checks_digest: Shown::digest(&checks.digest),
            evidence: Shown::digest(&evidence.head),
            records: words.count("records", evidence.records),
        }
    }
}

/// The verdict and what it rests on.
#[derive(Debug)]
pub(crate) struct Totals {
    pub(crate) verdict: Verdict,
    /// One word, such as `failed`.
    pub(crate) word: Shown,
    /// One sentence.
    pub(crate) sentence: Shown,
    /// `87 requirements apply: 50 passed, 14 failed, 23 undecided`.
    pub(crate) coverage: Shown,
    /// How many targets were observed.
    pub(crate) targets: Shown,
    /// Nodes whose verdicts hold only behind a gateway.
    pub(crate) conditions: Vec<Shown>,
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) undecided: u64,
    pub(crate) applicable: u64,
}

impl Totals {
    pub(crate) fn new(assessment: &Assessment, words: Words<'_>) -> Self {
        let coverage = &assessment.coverage;
        let worst = assessment
            .rulings
            .iter()
            .filter(|r| r.verdict == Verdict::Fail)
            .map(|r| r.severity.unwrap_or(Severity::Info))
            .max();
        let sentence = match (assessment.verdict, worst) {
            (Verdict::Pass, _) => words.word("verdict-pass"),
            (Verdict::Inconclusive, _) => words.count("verdict-inconclusive", coverage.inconclusive),
            (Verdict::Fail, worst) => {
                let worst = worst.unwrap_or(Severity::Info);
                let many = assessment
                    .rulings
                    .iter()
                    .filter(|r| r.verdict == Verdict::Fail && r.severity.unwrap_or(Severity::Info) == worst)
                    .count();
                let severity = words.value("severity", worst.word());
                words.say(
                    "verdict-fail",
                    &[("n", &coverage.failed), ("worst", &many), ("severity", &severity)],
                )
            }
        };
        Self {
            verdict: assessment.verdict,
            word: words.value("verdict-word", assessment.verdict.word()),
            sentence,
            coverage: words.say(
                "coverage",
                &[
                    ("n", &coverage.applicable),
                    ("passed", &coverage.passed),
                    ("failed", &coverage.failed),
                    ("undecided", &coverage.inconclusive),
                ],
            ),
            targets: words.say(
                "targets",
                &[("n", &coverage.targets_selected), ("observed", &coverage.targets_observed)],
            ),
            conditions: conditions(assessment, words),
            passed: coverage.passed,
            failed: coverage.failed,
            undecided: coverage.inconclusive,
            applicable: coverage.applicable,
        }
    }
}

/// Legacy equipment passes only as long as its gateway stands before it: a reader must not miss that.
fn conditions(assessment: &Assessment, words: Words<'_>) -> Vec<Shown> {
    let names = Names::new(assessment);
    let mut counts: BTreeMap<(usize, &NodeId, &NodeId), usize> = BTreeMap::new();
    for ruling in &assessment.rulings {
        if let Some(gateway) = &ruling.only_with {
            *counts.entry((names.place(&ruling.node), &ruling.node, gateway)).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .map(|((_, node, gateway), n)| {
            words.say(
                "condition",
                &[("n", &n), ("node", &names.node(node)), ("gateway", &names.node(gateway))],
            )
        })
        .collect()
}

fn period(from: Option<Timestamp>, until: Option<Timestamp>, words: Words<'_>) -> Option<Shown> {
    let (from, until) = (from?, until?);
    let (day, last) = (from.strftime("%Y-%m-%d").to_string(), until.strftime("%Y-%m-%d").to_string());
    let begin = from.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let end = until.strftime(if day == last { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" }).to_string();
    Some(words.say("period", &[("from", &Shown::line(&begin)), ("until", &Shown::line(&end))]))
}
