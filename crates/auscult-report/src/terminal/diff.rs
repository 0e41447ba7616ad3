//! Two assessments on a terminal: counts side by side, then what changed, the worst news first.

use auscult_model::Verdict;
use auscult_model::assessment::Assessment;
use auscult_text::Catalogue;

use super::page::{Ink, Page, cell};
use super::{TerminalOptions, ink, severity_ink};
use crate::compare::{Change, Comparison, Counts, compare};
use crate::view::{Head, Totals, sign};
use crate::words::Words;

/// What changed from one assessment to the next, ending with a line break.
pub fn write_diff(
    before: &Assessment,
    after: &Assessment,
    catalogue: &Catalogue,
    options: &TerminalOptions,
) -> String {
    let words = Words::new(catalogue);
    let comparison = compare(before, after, words);
    let mut page = Page::new(options.width, options.color);
    let name = format!("{} · {}", words.word("instrument"), words.word("comparison"));
    page.paragraph(&[], 0, &[(Ink::Faint, &name)]);
    page.rule();
    side(&mut page, "before", before, words);
    side(&mut page, "after", after, words);
    areas(&mut page, &comparison, words);
    changes(&mut page, &comparison, words);
    page.finish()
}

fn side(page: &mut Page, id: &str, assessment: &Assessment, words: Words<'_>) {
    let head = Head::new(assessment, words);
    let totals = Totals::new(assessment, words);
    let label = words.word(id);
    page.paragraph(
        &[(Ink::Faint, label.as_str())],
        8,
        &[(Ink::Strong, head.title.as_str()), (Ink::Plain, &format!("· {} · {}", head.stage, head.setting))],
    );
    let verdict = format!("{} {}:", sign(totals.verdict), totals.word.as_str().to_uppercase());
    page.paragraph(&[], 8, &[(ink(totals.verdict), &verdict), (Ink::Plain, totals.coverage.as_str())]);
}

fn areas(page: &mut Page, comparison: &Comparison, words: Words<'_>) {
    /// Columns of a pair of counts.
    const COUNT: usize = 14;
    /// Columns of a name, where there is room.
    const NAME: usize = 34;
    let name_columns = NAME.min(page.width().saturating_sub(3 * COUNT));
    page.heading(words.word("areas").as_str(), "");
    let mut head = cell("", name_columns);
    for id in ["label-failed", "label-undecided", "label-passed"] {
        head.push_str(&cell(words.word(id).as_str(), COUNT));
    }
    page.row(Ink::Faint, &head);
    for area in &comparison.areas {
        let mut line = cell(area.name.as_str(), name_columns);
        let pairs: [fn(&Counts) -> usize; 3] = [|c| c.failed, |c| c.undecided, |c| c.passed];
        for of in pairs {
            let (was, is) = (of(&area.counts[0]), of(&area.counts[1]));
            let text = if was == is { was.to_string() } else { format!("{was} → {is}") };
            line.push_str(&cell(&text, COUNT));
        }
        page.row(Ink::Plain, &line);
    }
}

fn changes(page: &mut Page, comparison: &Comparison, words: Words<'_>) {
    let lists = comparison.lists();
    if lists.is_empty() {
        page.gap();
        page.paragraph(&[], 0, &[(Ink::Plain, words.word("no-changes").as_str())]);
    }
    for list in lists {
        let aside = format!("{}, {}", list.changes.len(), words.word(list.words));
        page.heading(words.word(list.id).as_str(), &aside);
        for change in list.changes {
            change_part(page, list.verdict, change);
        }
    }
}

fn change_part(page: &mut Page, verdict: Verdict, change: &Change) {
    let lead = format!("{} {} ", sign(verdict), change.severity_word.as_str().to_uppercase());
    let lead = format!("{} ", lead.trim_end());
    let ink = match (verdict, change.severity) {
        (Verdict::Fail, Some(severity)) => severity_ink(severity),
        _ => ink(verdict),
    };
    let node = format!("· {}", change.node);
    page.paragraph(
        &[(ink, &lead)],
        2,
        &[
            (Ink::Strong, change.requirement.as_str()),
            (Ink::Plain, change.title.as_str()),
            (Ink::Plain, &node),
        ],
    );
    page.paragraph(&[], 4, &[(Ink::Faint, change.because.as_str())]);
}
