//! Two assessments side by side: what was mended, what broke, what is still open.

use std::collections::{BTreeMap, BTreeSet};

use auscult_model::assessment::{Assessment, Ruling};
use auscult_model::{NodeId, RequirementId, Severity, Verdict};

use crate::escape::Shown;
use crate::view::{Names, area_name, area_order};
use crate::words::Words;

/// The comparison of an assessment with an earlier one.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// Failed before, shown to hold now.
    pub(crate) mended: Vec<Change>,
    /// Did not fail before, or was not looked at, and fails now.
    pub(crate) broken: Vec<Change>,
    /// Fails in both.
    pub(crate) still: Vec<Change>,
    /// Failed before and is undecided or gone now: not mended until it is shown.
    pub(crate) unseen: Vec<Change>,
    /// Was shown to hold and is undecided now.
    pub(crate) lost: Vec<Change>,
    /// Counts of each area.
    pub(crate) areas: Vec<AreaChange>,
}

/// Changes of one sort.
#[derive(Debug)]
pub(crate) struct Changes<'a> {
    /// Id of its name.
    pub(crate) id: &'static str,
    /// Id of what it means.
    pub(crate) words: &'static str,
    /// The sign it stands under.
    pub(crate) verdict: Verdict,
    pub(crate) changes: &'a [Change],
}

impl Comparison {
    /// Everything that changed or still fails, the worst news first; sorts without a change are left out.
    pub(crate) fn lists(&self) -> Vec<Changes<'_>> {
        let all = [
            ("broken", "broken-words", Verdict::Fail, &self.broken),
            ("still", "still-words", Verdict::Fail, &self.still),
            ("unseen", "unseen-words", Verdict::Inconclusive, &self.unseen),
            ("lost", "lost-words", Verdict::Inconclusive, &self.lost),
            ("mended", "mended-words", Verdict::Pass, &self.mended),
        ];
        all.into_iter()
            .filter(|(.., changes)| !changes.is_empty())
            .map(|(id, words, verdict, changes)| Changes { id, words, verdict, changes })
            .collect()
    }
}

/// One requirement on one node.
#[derive(Debug)]
pub(crate) struct Change {
    /// How grave it is or was; `None` where it failed neither before nor now.
    pub(crate) severity: Option<Severity>,
    pub(crate) severity_word: Shown,
    pub(crate) requirement: Shown,
    pub(crate) title: Shown,
    pub(crate) node: Shown,
    /// Why the verdict is what it is now; what it was before where there is none now.
    pub(crate) because: Shown,
}

/// Counts of one area: passed, failed, undecided.
#[derive(Debug)]
pub(crate) struct AreaChange {
    pub(crate) name: Shown,
    /// Before and after.
    pub(crate) counts: [Counts; 2],
}

/// How often each verdict was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) undecided: usize,
}

impl Counts {
    fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Pass => self.passed += 1,
            Verdict::Fail => self.failed += 1,
            Verdict::Inconclusive => self.undecided += 1,
        }
    }
}

/// Compares by requirement and node.
pub(crate) fn compare(before: &Assessment, after: &Assessment, words: Words<'_>) -> Comparison {
    let (old, new) = (by_pair(before), by_pair(after));
    let (old_names, new_names) = (Names::new(before), Names::new(after));
    let mut comparison = Comparison {
        mended: Vec::new(),
        broken: Vec::new(),
        still: Vec::new(),
        unseen: Vec::new(),
        lost: Vec::new(),
        areas: areas(before, after, &old_names, &new_names, words),
    };
    for pair in old.keys().chain(new.keys()).copied().collect::<BTreeSet<_>>() {
        let (was, is) = (old.get(&pair).copied(), new.get(&pair).copied());
        let list = match (was.map(|r| r.verdict), is.map(|r| r.verdict)) {
            (Some(Verdict::Fail), Some(Verdict::Pass)) => &mut comparison.mended,
            (Some(Verdict::Fail), Some(Verdict::Fail)) => &mut comparison.still,
            (Some(Verdict::Fail), Some(Verdict::Inconclusive) | None) => &mut comparison.unseen,
            (_, Some(Verdict::Fail)) => &mut comparison.broken,
            (Some(Verdict::Pass), Some(Verdict::Inconclusive)) => &mut comparison.lost,
            _ => continue,
        };
        // How grave it is comes from where it failed; the words come from the newer of the two.
        let grave = [was, is].into_iter().flatten().filter_map(|r| r.severity).max();
        let (ruling, names) = match (is, was) {
            (Some(is), _) => (is, &new_names),
            (None, Some(was)) => (was, &old_names),
            (None, None) => continue,
        };
        list.push(Change {
            severity: grave,
            severity_word: grave.map(|s| words.value("severity", s.word())).unwrap_or_default(),
            requirement: Shown::line(ruling.requirement.as_str()),
            title: names.title(&ruling.requirement),
            node: names.node(&ruling.node),
            because: words.reason(&ruling.reason),
        });
    }
    for list in
        [&mut comparison.mended, &mut comparison.broken, &mut comparison.still, &mut comparison.unseen]
    {
        list.sort_by_key(|c| std::cmp::Reverse(c.severity));
    }
    comparison
}

type Pair<'a> = (&'a RequirementId, &'a NodeId);

fn by_pair(assessment: &Assessment) -> BTreeMap<Pair<'_>, &Ruling> {
    assessment.rulings.iter().map(|r| ((&r.requirement, &r.node), r)).collect()
}

fn areas(
    before: &Assessment,
    after: &Assessment,
    old_names: &Names<'_>,
    new_names: &Names<'_>,
    words: Words<'_>,
) -> Vec<AreaChange> {
    let mut areas: BTreeMap<(usize, &str), [Counts; 2]> = BTreeMap::new();
    for ruling in &before.rulings {
        areas.entry(area_order(old_names.area(&ruling.requirement))).or_default()[0].add(ruling.verdict);
    }
    for ruling in &after.rulings {
        areas.entry(area_order(new_names.area(&ruling.requirement))).or_default()[1].add(ruling.verdict);
    }
    areas.into_iter().map(|((_, code), counts)| AreaChange { name: area_name(code, words), counts }).collect()
}
