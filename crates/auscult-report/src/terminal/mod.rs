//! The assessment on a terminal: worst first, in words and signs, at 80 columns and wider.

mod diff;
mod page;

use auscult_model::assessment::Assessment;
use auscult_model::{Severity, Verdict};
use auscult_text::Catalogue;

pub use self::diff::write_diff;
use self::page::{Ink, Page, width};
use crate::escape::Shown;
use crate::view::{
    Finding, Head, Names, Place, Reasoned, Sent, Step, Totals, failures, findings, findings_count, sign,
    steps, undecided,
};
use crate::words::Words;

/// How the terminal wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalOptions {
    /// Columns; less than 40 counts as 40, and more than 120 columns are not filled.
    pub width: usize,
    /// Whether colour is added. No meaning is carried by it alone.
    pub color: bool,
}

/// Most reasons, commands and steps by hand that are listed; the other formats list them all.
const MOST_REASONS: usize = 6;
const MOST_COMMANDS: usize = 8;
const MOST_BY_HAND: usize = 5;
/// Most lines of names under one reason or step.
const MOST_LINES: usize = 3;

/// The whole report, ending with a line break.
///
/// Without `color` there is no escape byte in it; whatever came from a device is escaped in any case.
pub fn write(assessment: &Assessment, catalogue: &Catalogue, options: &TerminalOptions) -> String {
    let words = Words::new(catalogue);
    let names = Names::new(assessment);
    let mut page = Page::new(options.width, options.color);
    head(&mut page, assessment, words);
    findings_part(&mut page, &findings(assessment, &names, words), failures(assessment).count(), words);
    undecided_part(&mut page, &undecided(assessment, &names, words), words);
    not_tested(&mut page, &steps(assessment, &names, words), words);
    safety(&mut page, &Sent::new(assessment, &names, words), words);
    page.finish()
}

/// Where the other reports were written: pairs of format and path, to be printed below [`write`].
pub fn write_places(places: &[(&str, &str)], catalogue: &Catalogue, options: &TerminalOptions) -> String {
    let words = Words::new(catalogue);
    let mut page = Page::new(options.width, options.color);
    if !places.is_empty() {
        page.heading(words.word("reports").as_str(), "");
    }
    for (format, path) in places {
        let format = Shown::line(format);
        page.paragraph(
            &[(Ink::Plain, "  "), (Ink::Faint, format.as_str())],
            12,
            &[(Ink::Plain, Shown::line(path).as_str())],
        );
    }
    page.finish()
}

fn head(page: &mut Page, assessment: &Assessment, words: Words<'_>) {
    let head = Head::new(assessment, words);
    let totals = Totals::new(assessment, words);
    let name = format!("{} · {}", words.word("instrument"), words.word("report"));
    page.paragraph(&[], 0, &[(Ink::Faint, &name)]);
    page.rule();
    page.paragraph(&[], 0, &[(Ink::Strong, head.title.as_str())]);
    let mut about = format!("{} · {}", head.stage, head.setting);
    if let Some(period) = &head.period {
        about.push_str(&format!(" · {period}"));
    }
    page.paragraph(&[], 0, &[(Ink::Plain, &about)]);
    page.gap();
    let word = totals.word.as_str().to_uppercase();
    let lead = format!("{} {word}", sign(totals.verdict));
    let hang = width(&lead) + 2;
    page.paragraph(&[(ink(totals.verdict), &lead)], hang, &[(Ink::Strong, totals.sentence.as_str())]);
    page.paragraph(&[], hang, &[(Ink::Plain, totals.coverage.as_str())]);
    page.paragraph(&[], hang, &[(Ink::Faint, totals.targets.as_str())]);
    for condition in &totals.conditions {
        page.paragraph(&[], hang, &[(Ink::Plain, condition.as_str())]);
    }
}

fn findings_part(page: &mut Page, findings: &[Finding], failures: usize, words: Words<'_>) {
    let aside = findings_count(findings, failures, words);
    page.heading(words.word("findings").as_str(), aside.as_str());
    if findings.is_empty() {
        page.paragraph(&[], 2, &[(Ink::Plain, words.word("no-findings").as_str())]);
    } else {
        page.paragraph(&[], 0, &[(Ink::Faint, words.word("findings-intro").as_str())]);
        page.gap();
    }
    for (at, finding) in findings.iter().enumerate() {
        if at > 0 {
            page.gap();
        }
        finding_part(page, finding, words);
    }
}

fn finding_part(page: &mut Page, finding: &Finding, words: Words<'_>) {
    let number = format!("{:>2} ", finding.number);
    let severity = format!("✗ {} ", finding.severity_word.as_str().to_uppercase());
    page.paragraph(
        &[(Ink::Faint, &number), (severity_ink(finding.severity), &severity)],
        4,
        &[(Ink::Strong, finding.requirement.as_str()), (Ink::Strong, finding.title.as_str())],
    );
    for place in &finding.places {
        place_part(page, place, finding, words);
    }
    let remedy = format!("    {}", words.word("label-remedy"));
    for text in &finding.remedies {
        page.paragraph(&[(Ink::Pass, &remedy)], 14, &[(Ink::Plain, text.as_str())]);
    }
}

fn place_part(page: &mut Page, place: &Place, finding: &Finding, words: Words<'_>) {
    // Severity is said again only where a node differs from the heading.
    let milder = format!("({})", place.severity_word);
    let mut name = vec![(Ink::Strong, place.node.as_str())];
    if place.severity != finding.severity {
        name.push((severity_ink(place.severity), &milder));
    }
    if let Some(weaker) = &place.recommended {
        name.extend([(Ink::Faint, "·"), (Ink::Faint, weaker.as_str())]);
    }
    if let Some(disposition) = &place.disposition {
        name.push((Ink::Faint, "·"));
        name.push((Ink::Faint, disposition.as_str()));
    }
    page.paragraph(&[], 4, &name);
    let seen_label = format!("    {}", words.word("label-seen"));
    let evidence_label = format!("    {}", words.word("label-evidence-line"));
    for seen in &place.seen {
        page.paragraph(&[(Ink::Faint, &seen_label)], 14, &[(Ink::Plain, seen.because.as_str())]);
        let evidence = seen.evidence.clone().unwrap_or_else(|| words.word("no-evidence"));
        let from = [evidence.as_str(), "·", seen.by.as_str()].map(|text| (Ink::Faint, text));
        page.paragraph(&[(Ink::Faint, &evidence_label)], 14, &from);
    }
}

fn undecided_part(page: &mut Page, reasons: &[Reasoned], words: Words<'_>) {
    if reasons.is_empty() {
        return;
    }
    let all: usize = reasons.iter().map(|r| r.rulings).sum();
    page.heading(words.word("undecided-title").as_str(), &all.to_string());
    for reason in reasons.iter().take(MOST_REASONS) {
        let lead = format!("? {:>3} ", reason.rulings);
        page.paragraph(&[(Ink::Open, &lead)], 6, &[(Ink::Plain, reason.because.as_str())]);
        let nodes: Vec<String> = reason
            .nodes
            .iter()
            .map(|(node, ids)| {
                let ids: Vec<&str> = ids.iter().map(Shown::as_str).collect();
                format!("{node}: {}", ids.join(", "))
            })
            .collect();
        page.bounded(&[], 6, &[(Ink::Faint, &nodes.join(" · "))], MOST_LINES);
    }
    more(page, "more-reasons", reasons.len().saturating_sub(MOST_REASONS), words);
}

fn not_tested(page: &mut Page, steps: &[Step], words: Words<'_>) {
    let gaps: usize = steps.iter().map(|s| s.gaps).sum();
    let aside = if gaps == 0 { Shown::default() } else { words.count("gaps", gaps) };
    page.heading(words.word("not-tested-short").as_str(), aside.as_str());
    if steps.is_empty() {
        page.paragraph(&[], 2, &[(Ink::Plain, words.word("not-tested-none").as_str())]);
    }
    let (by_hand, commands): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(|s| s.by_hand);
    for (title, lead, steps, most) in
        [("by-command", "  $ ", commands, MOST_COMMANDS), ("by-hand", "  • ", by_hand, MOST_BY_HAND)]
    {
        if steps.is_empty() {
            continue;
        }
        page.paragraph(&[], 0, &[(Ink::Strong, words.word(title).as_str())]);
        for step in steps.iter().take(most) {
            page.paragraph(&[(Ink::Faint, lead)], 4, &[(Ink::Plain, step.next.as_str())]);
            let items: Vec<String> = step
                .items
                .iter()
                .map(|i| {
                    let targets: Vec<&str> = i.targets.iter().map(Shown::as_str).collect();
                    format!("{} {}", i.requirement, targets.join(", "))
                })
                .collect();
            page.bounded(&[], 4, &[(Ink::Faint, &items.join(" · "))], MOST_LINES);
        }
        more(page, "more-steps", steps.len().saturating_sub(most), words);
    }
}

fn safety(page: &mut Page, sent: &Sent, words: Words<'_>) {
    page.heading(words.word("safety").as_str(), "");
    for alarm in sent.exceeded.iter().chain(&sent.stopped) {
        page.paragraph(&[(Ink::Fail, "! ")], 2, &[(Ink::Fail, alarm.as_str())]);
    }
    page.paragraph(&[], 0, &[(Ink::Plain, sent.sentence.as_str()), (Ink::Plain, sent.liveness.as_str())]);
}

fn more(page: &mut Page, id: &str, left: usize, words: Words<'_>) {
    if left > 0 {
        page.paragraph(&[], 4, &[(Ink::Faint, words.count(id, left).as_str())]);
    }
}

const fn ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::Pass => Ink::Pass,
        Verdict::Fail => Ink::Fail,
        Verdict::Inconclusive => Ink::Open,
    }
}

const fn severity_ink(severity: Severity) -> Ink {
    match severity {
        Severity::Critical | Severity::High => Ink::Fail,
        Severity::Medium | Severity::Low => Ink::Open,
        Severity::Info => Ink::Plain,
    }
}
