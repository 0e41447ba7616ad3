//! The assessment as one HTML file that needs nothing else: no script, no request, no second file.
//!
//! The template escapes markup; everything in it was made visible before, see `escape`.

mod style;
mod topology;

use askama::Template;
use auscult_model::Verdict;
use auscult_model::assessment::Assessment;
use auscult_text::Catalogue;

use self::topology::Topology;
use crate::compare::{Comparison, compare};
use crate::escape::Shown;
use crate::view::{
    Area, Finding, Head, MOST_COLUMNS, Names, Reasoned, Sent, Step, Totals, areas, exempt, failures,
    findings, findings_count, steps,
};
use crate::words::Words;

/// Most findings that the first page names.
const MOST_GRAVEST: usize = 5;

/// The whole report; with an earlier assessment `before`, the two are also shown side by side.
///
/// Equal assessments give equal bytes.
pub fn write(assessment: &Assessment, before: Option<&Assessment>, catalogue: &Catalogue) -> String {
    let w = Words::new(catalogue);
    let names = Names::new(assessment);
    let head = Head::new(assessment, w);
    let findings = findings(assessment, &names, w);
    let page = Page {
        w,
        css: style::sheet(
            &Shown::words(&format!("{} · {}", w.word("instrument"), head.title)),
            &head.evidence,
        ),
        totals: Totals::new(assessment, w),
        sides: before.map(|before| Sides {
            both: [Side::new("before", before, w), Side::new("after", assessment, w)],
            comparison: compare(before, assessment, w),
        }),
        topology: Topology::new(assessment, &names, w),
        findings_count: findings_count(&findings, failures(assessment).count(), w),
        findings,
        areas: areas(assessment, &names, w),
        steps: steps(assessment, &names, w),
        gaps: assessment.not_tested.len(),
        exempt: exempt(assessment, &names, w),
        exempt_pairs: assessment.not_applicable.len(),
        sent: Sent::new(assessment, &names, w),
        digests: [
            ("label-scenario", Shown::line(&assessment.scenario.digest)),
            ("label-catalog", Shown::line(&assessment.catalog.digest)),
            ("label-checks", Shown::line(&assessment.checks.digest)),
            ("label-evidence", Shown::line(&assessment.evidence.head)),
        ],
        head,
    };
    page.render().expect("writing into a string does not fail, and the template has no other way to")
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    w: Words<'a>,
    css: String,
    head: Head,
    totals: Totals,
    sides: Option<Sides>,
    topology: Topology,
    findings: Vec<Finding>,
    findings_count: Shown,
    areas: Vec<Area>,
    steps: Vec<Step>,
    gaps: usize,
    exempt: Vec<Reasoned>,
    exempt_pairs: usize,
    sent: Sent,
    digests: [(&'static str, Shown); 4],
}

/// Two assessments beside each other.
struct Sides {
    /// The older one first.
    both: [Side; 2],
    comparison: Comparison,
}

/// One of them.
struct Side {
    label: Shown,
    head: Head,
    totals: Totals,
}

impl Side {
    fn new(label: &str, assessment: &Assessment, words: Words<'_>) -> Self {
        Self {
            label: words.word(label),
            head: Head::new(assessment, words),
            totals: Totals::new(assessment, words),
        }
    }
}

impl Page<'_> {
    /// Class of a verdict in the style sheet, and name of its sign.
    fn class(&self, verdict: &Verdict) -> &'static str {
        class(*verdict)
    }

    /// Whether the verdicts of an area fit side by side.
    fn matrix(&self, area: &Area) -> bool {
        area.nodes.len() <= MOST_COLUMNS
    }

    /// The findings that the first page names, each with a link to its remedy.
    fn gravest(&self) -> &[Finding] {
        &self.findings[..self.findings.len().min(MOST_GRAVEST)]
    }

    /// Whether the step of this number is the first for a machine, or the first for a person.
    fn opens_part(&self, at: &usize) -> bool {
        let by_hand = |at: usize| self.steps.get(at).map(|s| s.by_hand);
        at.checked_sub(1).is_none_or(|before| by_hand(before) != by_hand(*at))
    }
}

const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Inconclusive => "open",
    }
}
