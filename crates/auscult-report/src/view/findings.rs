//! Failures by requirement, worst first: the same requirement on several nodes is one finding with several places.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use auscult_model::assessment::{Assessment, Cite, Disposition, Ruling, Trial};
use auscult_model::{Force, RequirementId, Severity, Verdict};

use super::Names;
use crate::escape::Shown;
use crate::words::Words;

/// One requirement that failed somewhere.
#[derive(Debug)]
pub(crate) struct Finding {
    /// From 1; the same in every format.
    pub(crate) number: usize,
    /// Worst of its places.
    pub(crate) severity: Severity,
    pub(crate) severity_word: Shown,
    pub(crate) requirement: Shown,
    pub(crate) title: Shown,
    pub(crate) intent: Shown,
    /// Where it failed, worst first.
    pub(crate) places: Vec<Place>,
    /// What the maker should do; more than one where places differ.
    pub(crate) remedies: Vec<Shown>,
    pub(crate) cites: Vec<CiteGroup>,
    /// How many clauses `cites` holds.
    pub(crate) clauses: usize,
}

/// One node on which it failed.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) node: Shown,
    /// Its number among the nodes of the scenario; for ordering only.
    at: usize,
    pub(crate) severity: Severity,
    pub(crate) severity_word: Shown,
    /// How strongly the requirement binds here and why.
    pub(crate) applies: Shown,
    /// Set where it should hold but need not.
    pub(crate) recommended: Option<Shown>,
    /// What was seen.
    pub(crate) seen: Vec<Seen>,
    /// The other trials: passed and undecided.
    pub(crate) others: Vec<Seen>,
    /// Accepted or said to be mended.
    pub(crate) disposition: Option<Shown>,
}

/// What one trial saw.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) verdict: Verdict,
    pub(crate) verdict_word: Shown,
    pub(crate) because: Shown,
    /// `check on target`, or the target where no check was needed.
    pub(crate) by: Shown,
    /// Short digest of the record it rests on.
    pub(crate) evidence: Option<Shown>,
}

impl Seen {
    pub(crate) fn new(trial: &Trial, words: Words<'_>) -> Self {
        let (check, target) = (Shown::line(trial.check.as_str()), Shown::line(&trial.target));
        Self {
            verdict: trial.verdict,
            verdict_word: words.value("verdict-word", trial.verdict.word()),
            because: words.reason(&trial.reason),
            by: words.say("by-check", &[("check", &check), ("target", &target)]),
            evidence: trial.evidence.as_deref().map(Shown::digest),
        }
    }
}

/// Clauses of one framework in one relation.
#[derive(Debug)]
pub(crate) struct CiteGroup {
    pub(crate) framework: Shown,
    pub(crate) relation: Shown,
    /// Clause, and whether its id was seen in a source.
    pub(crate) clauses: Vec<(Shown, bool)>,
}

/// The failed rulings.
pub(crate) fn failures(assessment: &Assessment) -> impl Iterator<Item = &Ruling> {
    assessment.rulings.iter().filter(|r| r.verdict == Verdict::Fail)
}

/// `15 findings in 19 failures, worst first`; nothing when there are none.
pub(crate) fn findings_count(findings: &[Finding], failures: usize, words: Words<'_>) -> Shown {
    if findings.is_empty() {
        return Shown::default();
    }
    words.say("findings-count", &[("n", &findings.len()), ("failures", &failures)])
}

/// Every finding, worst first, then by id.
pub(crate) fn findings(assessment: &Assessment, names: &Names<'_>, words: Words<'_>) -> Vec<Finding> {
    let mut by_requirement: BTreeMap<&RequirementId, Vec<&Ruling>> = BTreeMap::new();
    for ruling in failures(assessment) {
        by_requirement.entry(&ruling.requirement).or_default().push(ruling);
    }
    let mut findings: Vec<Finding> =
        by_requirement.into_iter().map(|(id, rulings)| finding(id, &rulings, names, words)).collect();
    findings.sort_by_key(|f| Reverse(f.severity));
    for (finding, number) in findings.iter_mut().zip(1..) {
        finding.number = number;
    }
    findings
}

fn finding(id: &RequirementId, rulings: &[&Ruling], names: &Names<'_>, words: Words<'_>) -> Finding {
    let mut places: Vec<Place> = rulings.iter().map(|r| place(r, names, words)).collect();
    places.sort_by_key(|p| (Reverse(p.severity), p.at));
    let severity = places.first().map_or(Severity::Info, |p| p.severity);
    let mut remedies = Vec::new();
    for ruling in rulings {
        let remedy = Shown::prose(&ruling.remedy);
        if !remedy.is_empty() && !remedies.contains(&remedy) {
            remedies.push(remedy);
        }
    }
    let cites = cites(rulings, names, words);
    Finding {
        number: 0,
        severity,
        severity_word: words.value("severity", severity.word()),
        requirement: Shown::line(id.as_str()),
        title: names.title(id),
        intent: names.intent(id),
        places,
        remedies,
        clauses: cites.iter().map(|c| c.clauses.len()).sum(),
        cites,
    }
}

fn place(ruling: &Ruling, names: &Names<'_>, words: Words<'_>) -> Place {
    let severity = ruling.severity.unwrap_or(Severity::Info);
    let (failed, others): (Vec<&Trial>, Vec<&Trial>) =
        ruling.trials.iter().partition(|t| t.verdict == Verdict::Fail);
    let mut seen: Vec<Seen> = failed.into_iter().map(|t| Seen::new(t, words)).collect();
    if seen.is_empty() {
        // A ruling without a failed trial of its own: a person recorded it, or an aspect decided it.
        seen.push(Seen {
            verdict: Verdict::Fail,
            verdict_word: words.value("verdict-word", Verdict::Fail.word()),
            because: words.reason(&ruling.reason),
            by: Shown::line(ruling.node.as_str()),
            evidence: None,
        });
    }
    Place {
        node: names.node(&ruling.node),
        at: names.place(&ruling.node),
        severity,
        severity_word: words.value("severity", severity.word()),
        applies: applies(ruling, words),
        recommended: (ruling.applicability.force == Some(Force::Recommended))
            .then(|| words.value("force", Force::Recommended.word())),
        seen,
        others: others.into_iter().map(|t| Seen::new(t, words)).collect(),
        disposition: match ruling.disposition {
            Disposition::Open => None,
            Disposition::Fixed => Some(words.word("disposition-fixed")),
            Disposition::Waived => Some(words.word("disposition-waived")),
        },
    }
}

/// `mandatory: class III, homecare`.
pub(super) fn applies(ruling: &Ruling, words: Words<'_>) -> Shown {
    let because = words.reason(&ruling.applicability.reason);
    match ruling.applicability.force {
        Some(force) => Shown::words(&format!("{}: {because}", words.value("force", force.word()))),
        None => because,
    }
}

fn cites(rulings: &[&Ruling], names: &Names<'_>, words: Words<'_>) -> Vec<CiteGroup> {
    let mut groups: BTreeMap<(Shown, &str), Vec<(Shown, bool)>> = BTreeMap::new();
    let cites = rulings.iter().flat_map(|r| r.cites.iter());
    for Cite { framework, clause, relation, verified } in cites {
        let clauses = groups.entry((names.framework(framework), relation)).or_default();
        let clause = (Shown::line(clause), *verified);
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    groups
        .into_iter()
        .map(|((framework, relation), clauses)| CiteGroup {
            framework,
            relation: words.value("relation", relation),
            clauses,
        })
        .collect()
}
