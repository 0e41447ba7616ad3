//! What every format shows, grouped, ordered and escaped once: formats only lay it out.

mod areas;
mod findings;
mod head;
mod names;
mod open;
mod safety;

pub(crate) use areas::{Area, MOST_COLUMNS, areas};
pub(crate) use findings::{Finding, Place, failures, findings, findings_count};
pub(crate) use head::{Head, Totals};
pub(crate) use names::{Names, area_name, area_order};
pub(crate) use open::{Reasoned, Step, exempt, steps, undecided};
pub(crate) use safety::Sent;

use auscult_model::Verdict;

/// The sign that stands before the word of a verdict; shapes differ, so that colour is never needed.
pub(crate) const fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Fail => "✗",
        Verdict::Inconclusive => "?",
    }
}
