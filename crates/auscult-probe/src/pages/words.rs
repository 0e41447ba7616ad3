//! Recognises what a page says of its subject, in English and German: words of short lists, never a meaning.
//!
//! What is not found here may still be said in other words; whoever judges must not take it for absent.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use auscult_facts::pages::{Period, Policy, Replacement, Said, Sensors, Support};
use auscult_model::scenario::PageKind;

use super::text::{Block, Text};
use super::time::{Piece, Span, When, days, pieces, spans};
use super::vocabulary::{
    ACKNOWLEDGE, AFTER, ENDS, HOW, LATER, LEAST, NO_SENSORS, NOISE, NONE, NOT_UPDATABLE, PAST, PERIOD,
    REASON, REPLACE, SENSING, SENSORS, SUPPORT, TELL, UPDATES, VULNERABILITY, Words, holds,
};

/// Most periods that are kept.
const PERIODS: usize = 50;

/// What a page says of its subject, and whether it says that it will be told later.
pub(super) fn said(kind: PageKind, page: &Text, model: Option<&str>, contacts: u32) -> (Said, bool) {
    let sentences = sentences(&page.blocks);
    match kind {
        PageKind::DisclosurePolicy => policy(&sentences, contacts),
        PageKind::SupportPeriod => support(&sentences, model),
        PageKind::ReplacementPlan => replacement(&sentences),
        PageKind::Sensors => sensors(&sentences),
    }
}

/// Headings, in lower case. Many sentences stand under the same, so that each list is looked up in them once.
struct Under {
    text: String,
    known: RefCell<Vec<(Words, bool)>>,
}

impl Under {
    fn holds(&self, words: Words) -> bool {
        if self.text.is_empty() {
            return false;
        }
        let mut known = self.known.borrow_mut();
        if let Some((_, held)) = known.iter().find(|(list, _)| std::ptr::eq(*list, words)) {
            return *held;
        }
        let held = holds(&self.text, words);
        known.push((words, held));
        held
    }
}

/// A sentence with what stands around it, in lower case.
struct Sentence {
    own: String,
    /// The headings above it.
    under: Rc<Under>,
    /// The sentence before it in the same block.
    before: String,
}

impl Sentence {
    fn says(&self, words: Words) -> bool {
        holds(&self.own, words)
    }

    /// Itself, or a heading above it.
    fn here(&self, words: Words) -> bool {
        self.under.holds(words) || self.says(words)
    }

    /// Itself, a heading above it, or the sentence before it.
    fn about(&self, words: Words) -> bool {
        self.here(words) || holds(&self.before, words)
    }
}

fn sentences(blocks: &[Block]) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut under = Rc::new(Under { text: String::new(), known: RefCell::default() });
    for block in blocks {
        let text = block.under.to_lowercase();
        if under.text != text {
            under = Rc::new(Under { text, known: RefCell::default() });
        }
        let mut before = String::new();
        for own in cut(&block.text) {
            let own = own.to_lowercase();
            let before = std::mem::replace(&mut before, own.clone());
            sentences.push(Sentence { own, under: Rc::clone(&under), before });
        }
    }
    sentences
}

/// Cuts a text into sentences; the dot behind a day, as in “31. Dezember”, ends none.
fn cut(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?' | ';')) {
        let after = text.get(at + c.len_utf8()..).unwrap_or_default();
        let so_far = text.get(start..at).unwrap_or_default();
        let digits = so_far.chars().rev().take_while(char::is_ascii_digit).count();
        let ordinal = c == '.' && (1..=2).contains(&digits);
        let begins = after.trim_start().starts_with(|n: char| n.is_uppercase() || n.is_ascii_digit());
        if after.starts_with(' ') && begins && !ordinal {
            sentences.push(so_far);
            start = at + c.len_utf8();
        }
    }
    sentences.push(text.get(start..).unwrap_or_default());
    sentences.retain(|s| !s.trim().is_empty());
    sentences
}

/// Whether one of the few pieces before a place is one of some words.
fn behind(pieces: &[Piece], at: usize, reach: usize, words: &[&str]) -> bool {
    let before = pieces.get(at.saturating_sub(reach)..at).unwrap_or_default();
    before.iter().any(|p| matches!(p, Piece::Word(w) if words.contains(&w.as_str())))
}

/// The days of a sentence on which something can end.
///
/// It begins on one behind “from” or “on” (but not behind “ends on”), and on the first of two that make a range.
fn ends(pieces: &[Piece]) -> Vec<When> {
    let days = days(pieces);
    let begins = |n: usize, when: &When| {
        let named = behind(pieces, when.at, 2, &BEGINS) && !behind(pieces, when.at, 4, &STOPS);
        let next = days.get(n + 1).map_or(0, |next| next.at);
        let between = pieces.get(when.end..next).unwrap_or_default();
        let ranges = |piece: &Piece| match piece {
            Piece::Word(word) => ["to", "until", "till", "through", "bis"].contains(&word.as_str()),
            Piece::Mark(mark) => *mark == '-',
            Piece::Number(..) => false,
        };
        named || (between.len() <= 3 && between.iter().any(ranges))
    };
    days.iter().enumerate().filter(|(n, when)| !begins(*n, when)).map(|(_, when)| *when).collect()
}

/// Words of an end that is named by its day.
const STOPS: [&str; 7] = ["end", "ends", "endet", "enden", "expires", "until", "bis"];

/// Words before a length of time that make it a rhythm or a delay.
const RHYTHM: [&str; 11] =
    ["every", "each", "alle", "jede", "jeden", "within", "innerhalb", "binnen", "per", "pro", "last"];

/// Words before a day that make it a beginning.
const BEGINS: [&str; 9] = ["from", "since", "ab", "seit", "vom", "released", "starting", "on", "am"];

/// Lengths of time that are counted in months or years, are no rhythm, and are not given by an article.
fn lasting(pieces: &[Piece]) -> impl Iterator<Item = Span> {
    spans(pieces)
        .into_iter()
        .filter(|s| s.months.is_some() && !s.article && !behind(pieces, s.at, 2, &RHYTHM))
}

fn support(sentences: &[Sentence], model: Option<&str>) -> (Said, bool) {
    let model = model.map(|m| m.trim().to_lowercase()).filter(|m| !m.is_empty());
    let names = |text: &str| {
        model.as_deref().is_some_and(|model| {
            text.match_indices(model).any(|(at, _)| {
                // BP-2 is not BP-20.
                let begins = text.get(..at).is_none_or(|b| !b.ends_with(char::is_alphanumeric));
                let ends = text.get(at + model.len()..).is_none_or(|b| !b.starts_with(char::is_alphanumeric));
                begins && ends
            })
        })
    };
    let mut support = Support::default();
    let mut later = false;
    for s in sentences {
        support.names_model |= names(&s.own) || names(&s.under.text);
        let of_updates = s.about(UPDATES);
        if !of_updates && !s.about(SUPPORT) {
            continue;
        }
        support.topic = true;
        if s.says(LATER) {
            later = true;
            continue;
        }
        if s.says(NOISE) || s.says(PAST) {
            continue;
        }
        let pieces = pieces(&s.own);
        let of_model = names(&s.own) || names(&s.under.text) || names(&s.before);
        let least = s.here(LEAST);
        let mut add = |period| {
            if support.periods.len() < PERIODS && !support.periods.contains(&period) {
                support.periods.push(period);
            }
        };
        if s.here(ENDS) {
            for when in ends(&pieces) {
                add(Period { until: Some(when.until), months: None, least, of_model });
            }
        }
        let counted = s.here(LEAST) || s.says(AFTER) || s.here(PERIOD);
        if of_updates && counted {
            for span in lasting(&pieces) {
                add(Period { until: None, months: span.months, least, of_model });
            }
        }
    }
    (Said::Support(support), later)
}

fn policy(sentences: &[Sentence], contacts: u32) -> (Said, bool) {
    let mut policy = Policy { contacts, ..Policy::default() };
    let mut later = false;
    for s in sentences {
        policy.topic |= s.here(VULNERABILITY);
        later |= s.about(VULNERABILITY) && s.says(LATER);
        let pieces = pieces(&s.own);
        let spans = spans(&pieces);
        let soonest = spans.iter().map(|span| span.hours).min();
        if s.says(ACKNOWLEDGE) {
            policy.acknowledged_within = policy.acknowledged_within.or(soonest);
        }
        if s.says(TELL) {
            // Where one sentence promises both, the longer time is that of the state.
            let slowest = spans.iter().map(|span| span.hours).max();
            let both = s.says(ACKNOWLEDGE) && spans.len() < 2;
            policy.told_every = policy.told_every.or(slowest.filter(|_| !both));
        }
    }
    (Said::Policy(policy), later)
}

fn replacement(sentences: &[Sentence]) -> (Said, bool) {
    let mut plan = Replacement::default();
    let mut later = false;
    for s in sentences {
        plan.not_updatable |= s.says(NOT_UPDATABLE);
        plan.reason |= s.about(NOT_UPDATABLE) && s.here(REASON);
        if s.about(REPLACE) {
            plan.topic = true;
            later |= s.says(LATER);
            plan.how |= s.says(HOW);
            if !s.says(NOISE) && !s.says(PAST) {
                let pieces = pieces(&s.own);
                let ends = s.here(ENDS) && !ends(&pieces).is_empty();
                plan.how_long |= ends || lasting(&pieces).next().is_some();
            }
        }
        later |= s.about(NOT_UPDATABLE) && s.says(LATER);
    }
    (Said::Replacement(plan), later)
}

fn sensors(sentences: &[Sentence]) -> (Said, bool) {
    let mut sensors = Sensors { topic: false, kinds: BTreeSet::new(), none: false };
    let mut later = false;
    for s in sentences.iter().filter(|s| s.about(SENSING)) {
        sensors.topic = true;
        sensors.none |= s.says(NO_SENSORS);
        later |= s.says(LATER);
        for (name, words) in &SENSORS {
            if s.says(words) && !s.says(NONE) {
                sensors.kinds.insert((*name).to_owned());
            }
        }
    }
    (Said::Sensors(sensors), later)
}

#[cfg(test)]
mod tests {
    use super::super::text::{html, plain};
    use super::*;

    fn periods(page: &str, model: Option<&str>) -> (Support, bool) {
        match said(PageKind::SupportPeriod, &html(page), model, 0) {
            (Said::Support(support), later) => (support, later),
            other => panic!("{other:?}"),
        }
    }

    fn told(page: &str) -> Vec<String> {
        let (support, _) = periods(page, None);
        let word = |p: &Period| match (p.until, p.months) {
            (Some(until), _) => until.to_string(),
            (_, Some(months)) => format!("{months} months"),
            _ => String::new(),
        };
        support.periods.iter().map(word).collect()
    }

    #[test]
    fn support_periods_are_recognised_in_both_languages() {
        for (page, told_as) in [
            ("<p>Security updates until December 2031.", "2031-12"),
            ("<p>We provide security updates until 31 December 2031.", "2031-12-31"),
            ("<h2>Support period</h2><p>Until 2031-12-31", "2031-12-31"),
            ("<p>The end of support is 31.12.2031.", "2031-12-31"),
            ("<p>Unterstützung bis 31.12.2031", "2031-12-31"),
            ("<p>Sicherheitsupdates gibt es bis zum 31. Dezember 2031. Danach nicht mehr.", "2031-12-31"),
            ("<p>Die Unterstützung endet am 31.12.2031", "2031-12-31"),
            ("<p>You get security updates for at least 5 years after the last sale.", "60 months"),
            ("<p>Sie erhalten mindestens fünf Jahre Sicherheitsupdates.", "60 months"),
            ("<p>Der Unterstützungszeitraum beträgt 5 Jahre ab Kauf.", "60 months"),
            ("<table><tr><th>Updates until<td>2031-12-31</table>", "2031-12-31"),
            ("<dl><dt>End of support<dd>31 Dec 2031</dl>", "2031-12-31"),
            ("<p>BP-2 gets security updates. They end on December 31, 2031.", "2031-12-31"),
            ("<p>Security support from 1 May 2024 until 30 April 2032.", "2032-04-30"),
            ("<p>Sicherheitsupdates: 01.05.2024 bis 30.04.2032", "2032-04-30"),
        ] {
            assert_eq!(told(page).join(" "), told_as, "{page}");
        }
    }

    #[test]
    fn what_only_looks_like_a_period_is_none() {
        for page in [
            "<p>Security updates: to be announced",
            "<p>Support<p>© 2024 Example Medical",
            "<h1>Support</h1><p>Last updated: 31.12.2024",
            "<p>Our support has 20 years of experience",
            "<p>We support our customers for 20 years",
            "<p>Warranty until 31.12.2031, see support",
            "<p>Security updates are released every 3 months",
            "<p>Updates come at least once a year",
            "<p>Support telephone 030 2031 55",
            "<p>Security updates since 1 May 2024",
            "<p>Security updates are provided in a timely manner",
            "<p>Page not found",
        ] {
            assert_eq!(told(page), [] as [&str; 0], "{page}");
        }
        assert!(periods("<p>Support period: to be announced", None).1);
        assert!(periods("<p>Der Unterstützungszeitraum wird noch bekannt gegeben.", None).1);
    }

    #[test]
    fn a_row_belongs_to_its_model() {
        let page = "<table><tr><th>Model<th>Security updates until<tr><td>BP-2<td>2032-04-30<tr><td>BP-20<td>2031-01-31\
                    </table>";
        let (support, _) = periods(page, Some("BP-2"));
        let of_model: Vec<_> = support.periods.iter().filter(|p| p.of_model).collect();
        assert_eq!(of_model.len(), 1, "{support:?}");
        assert_eq!(of_model[0].until.map(|u| u.to_string()).as_deref(), Some("2032-04-30"));
        assert!(support.names_model);
        assert!(!periods("<p>Security updates for BP-20 until 2031-01-31", Some("BP-2")).0.names_model);
    }

    #[test]
    fn policies_promise_times() {
        let english = "<h1>Reporting vulnerabilities</h1><p>We acknowledge your report within 3 working days. We tell you \
                       the status every two weeks until it is resolved.";
        let german = "<h1>Schwachstellen melden</h1><p>Wir bestätigen den Eingang innerhalb von zwei Werktagen. Über den \
                      Stand der Bearbeitung informieren wir Sie wöchentlich.";
        for (page, hours, every) in [(english, 72, 336), (german, 48, 168)] {
            let (Said::Policy(policy), later) = said(PageKind::DisclosurePolicy, &html(page), None, 1) else {
                panic!()
            };
            assert!(policy.topic && !later);
            assert_eq!((policy.acknowledged_within, policy.told_every), (Some(hours), Some(every)), "{page}");
        }
        let vague = "<p>Report a vulnerability to us. We answer quickly and keep you informed regularly.";
        let (Said::Policy(policy), _) = said(PageKind::DisclosurePolicy, &html(vague), None, 1) else {
            panic!()
        };
        assert_eq!((policy.acknowledged_within, policy.told_every), (None, None));
    }

    #[test]
    fn replacement_plans_and_sensors_are_recognised() {
        let page = "<h1>Radio module</h1><p>The radio module cannot be updated because its memory is written once. We \
                    replace it free of charge until 30 April 2032: write to service@maker.example.";
        let (Said::Replacement(plan), later) = said(PageKind::ReplacementPlan, &html(page), None, 0) else {
            panic!()
        };
        assert!(
            plan.not_updatable && plan.reason && plan.topic && plan.how && plan.how_long && !later,
            "{plan:?}"
        );
        let german = "Das Funkmodul ist nicht aktualisierbar, weil sein Speicher nur einmal beschrieben wird. \
                      Wir tauschen es mindestens fünf Jahre lang kostenlos: Ersatz bestellen Sie beim Kundendienst.";
        let (Said::Replacement(plan), _) = said(PageKind::ReplacementPlan, &plain(german), None, 0) else {
            panic!()
        };
        assert!(plan.not_updatable && plan.reason && plan.topic && plan.how && plan.how_long, "{plan:?}");

        let page = "<h1>Sensors</h1><ul><li>Pressure<li>Temperature<li>No microphone</ul>";
        let (Said::Sensors(sensors), _) = said(PageKind::Sensors, &html(page), None, 0) else { panic!() };
        assert!(sensors.topic && !sensors.none, "{sensors:?}");
        assert_eq!(sensors.kinds.into_iter().collect::<Vec<_>>(), ["pressure", "temperature"]);
        let (Said::Sensors(sensors), _) = said(PageKind::Sensors, &html("<p>Blood pressure"), None, 0) else {
            panic!()
        };
        assert!(!sensors.topic && sensors.kinds.is_empty());
    }

    #[test]
    fn hostile_pages_cost_little() {
        let many = "A. ".repeat(40_000);
        let headed =
            (0..2_000).map(|n| format!("<h{}>{n} {}", 1 + n % 6, "support ".repeat(5))).collect::<String>();
        for page in [html(&many), html(&headed), plain(&many), html(&format!("<h1>{headed}</h1>{many}"))] {
            for kind in PageKind::ALL {
                let _ = said(*kind, &page, Some("support"), 0);
            }
        }
    }

    #[test]
    fn sentences_end_where_they_end() {
        assert_eq!(cut("Bis 31. Dezember 2031. Danach nicht."), ["Bis 31. Dezember 2031", " Danach nicht."]);
        assert_eq!(cut(""), [] as [&str; 0]);
    }
}
