//! Finds days and lengths of time in a sentence of English or German.

use auscult_facts::pages::Until;

/// Most pieces of one sentence that are looked at.
const PIECES: usize = 600;

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Letters, in lower case.
    Word(String),
    /// A number and how many digits it is written with.
    Number(u32, usize),
    /// Anything else but a space.
    Mark(char),
}

/// A day, a month or a year, and the place of its first piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct When {
    pub(super) at: usize,
    /// The place behind its last piece.
    pub(super) end: usize,
    pub(super) until: Until,
}

/// A length of time, and the place of its first piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) at: usize,
    pub(super) hours: u32,
    /// Where it is given in months or years.
    pub(super) months: Option<u32>,
    /// It is given by an article, as in “once a year”, or by a word such as “weekly”.
    pub(super) article: bool,
}

const HOURS_OF_DAY: u32 = 24;
const HOURS_OF_MONTH: u32 = 730;

/// The first letters of each month; `mai` and `may`, `okt` and `oct`, `dez` and `dec` are the same ones.
const MONTHS: [(&str, i8); 18] = [
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("mär", 3),
    ("mrz", 3),
    ("apr", 4),
    ("may", 5),
    ("mai", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("okt", 10),
    ("oct", 10),
    ("nov", 11),
    ("dez", 12),
    ("dec", 12),
    ("jän", 1),
];

/// Whole names of months, and how far they may be shortened.
const NAMES: [&str; 24] = [
    "january",
    "januar",
    "february",
    "februar",
    "march",
    "märz",
    "april",
    "may",
    "mai",
    "june",
    "juni",
    "july",
    "juli",
    "august",
    "september",
    "sept",
    "october",
    "oktober",
    "november",
    "december",
    "dezember",
    "jänner",
    "maerz",
    "mrz",
];

const NUMBERS: [(&str, u32); 35] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("fourteen", 14),
    ("fifteen", 15),
    ("eighteen", 18),
    ("twenty", 20),
    ("thirty", 30),
    ("ninety", 90),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("fünf", 5),
    ("fuenf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwölf", 12),
    ("vierzehn", 14),
    ("fünfzehn", 15),
    ("achtzehn", 18),
    ("zwanzig", 20),
    ("dreißig", 30),
];

const ARTICLES: [&str; 8] = ["a", "an", "ein", "eine", "einer", "eines", "einem", "einen"];

/// Words after which a year alone is an end.
const ENDS: [&str; 11] =
    ["until", "till", "through", "thru", "bis", "end", "ende", "ends", "endet", "expires", "einschließlich"];

/// Cuts a sentence into pieces.
pub(super) fn pieces(sentence: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut letters = sentence.chars().peekable();
    while let Some(c) = letters.next() {
        if pieces.len() >= PIECES {
            break;
        }
        if c.is_ascii_digit() {
            let mut digits = String::from(c);
            while let Some(d) = letters.next_if(char::is_ascii_digit) {
                digits.push(d);
            }
            // A longer one is no date and no length of time.
            pieces.push(Piece::Number(digits.parse().unwrap_or(u32::MAX), digits.len()));
        } else if c.is_alphabetic() {
            let mut word: String = c.to_lowercase().collect();
            while let Some(l) = letters.next_if(|l| l.is_alphabetic()) {
                word.extend(l.to_lowercase());
            }
            pieces.push(Piece::Word(word));
        } else if !c.is_whitespace() {
            pieces.push(Piece::Mark(if matches!(c, '\u{2010}'..='\u{2015}') { '-' } else { c }));
        }
    }
    pieces
}

/// The days, months and years of a sentence.
pub(super) fn days(pieces: &[Piece]) -> Vec<When> {
    let mut days = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        match day_at(pieces, at) {
            Some((until, length)) => {
                days.push(When { at, end: at + length, until });
                at += length;
            }
            None => at += 1,
        }
    }
    days
}

fn word(pieces: &[Piece], at: usize) -> Option<&str> {
    match pieces.get(at)? {
        Piece::Word(word) => Some(word),
        _ => None,
    }
}

fn number(pieces: &[Piece], at: usize) -> Option<(u32, usize)> {
    match pieces.get(at)? {
        Piece::Number(number, digits) => Some((*number, *digits)),
        _ => None,
    }
}

fn mark(pieces: &[Piece], at: usize, marks: &[char]) -> bool {
    matches!(pieces.get(at), Some(Piece::Mark(mark)) if marks.contains(mark))
}

fn year(pieces: &[Piece], at: usize) -> Option<i16> {
    let (number, digits) = number(pieces, at)?;
    (digits == 4 && (1990..=2099).contains(&number)).then(|| i16::try_from(number).ok()).flatten()
}

/// A number of one or two digits from 1 to `most`.
fn small(pieces: &[Piece], at: usize, most: u32) -> Option<i8> {
    let (number, digits) = number(pieces, at)?;
    (digits <= 2 && (1..=most).contains(&number)).then(|| i8::try_from(number).ok()).flatten()
}

fn month(pieces: &[Piece], at: usize) -> Option<i8> {
    let word = word(pieces, at)?;
    let start: String = word.chars().take(3).collect();
    let (_, month) = MONTHS.iter().find(|(name, _)| *name == start)?;
    let whole = word == start || NAMES.contains(&word);
    whole.then_some(*month)
}

/// A day at a place, and how many pieces it takes.
fn day_at(pieces: &[Piece], at: usize) -> Option<(Until, usize)> {
    let whole = |year, month, day| Until { year, month: Some(month), day: Some(day) };
    let of_month = |year, month| Until { year, month: Some(month), day: None };
    if let Some(year) = year(pieces, at) {
        let marked = mark(pieces, at + 1, &['-', '/', '.']);
        let month = small(pieces, at + 2, 12).filter(|_| marked);
        if let Some(month) = month {
            let day = small(pieces, at + 4, 31).filter(|_| mark(pieces, at + 3, &['-', '/', '.']));
            return Some(day.map_or((of_month(year, month), 3), |day| (whole(year, month, day), 5)));
        }
        return ends_there(pieces, at).then_some((Until { year, month: None, day: None }, 1));
    }
    if let Some(first) = small(pieces, at, 31) {
        // 31.12.2031, 31/12/2031 and 12/31/2031.
        let by = |marks: &[char]| mark(pieces, at + 1, marks) && mark(pieces, at + 3, marks);
        if let (Some(second), Some(year)) = (small(pieces, at + 2, 31), year(pieces, at + 4)) {
            if by(&['.']) || by(&['-']) {
                return (second <= 12).then(|| (whole(year, second, first), 5));
            }
            if by(&['/']) {
                let until = match (first, second) {
                    (day, month) if day > 12 && month <= 12 => whole(year, month, day),
                    (month, day) if day > 12 && month <= 12 => whole(year, month, day),
                    (month, day) if month == day => whole(year, month, day),
                    // Which of them is the month is not to be known.
                    _ => Until { year, month: None, day: None },
                };
                return Some((until, 5));
            }
        }
        // 12/2031, 12.2031.
        if first <= 12
            && mark(pieces, at + 1, &['/', '.'])
            && let Some(year) = year(pieces, at + 2)
        {
            return Some((of_month(year, first), 3));
        }
        // 31. Dezember 2031, 31st of December, 2031.
        let mut next = at + 1;
        while next < at + 4
            && (mark(pieces, next, &['.', ','])
                || word(pieces, next).is_some_and(|w| matches!(w, "st" | "nd" | "rd" | "th" | "of")))
        {
            next += 1;
        }
        if let Some(month) = month(pieces, next) {
            let skip = usize::from(mark(pieces, next + 1, &['.', ',']));
            if let Some(year) = year(pieces, next + 1 + skip) {
                return Some((whole(year, month, first), next + 2 + skip - at));
            }
        }
    }
    let month = month(pieces, at)?;
    let skip = usize::from(mark(pieces, at + 1, &['.', ',']));
    if let Some(year) = year(pieces, at + 1 + skip) {
        return Some((of_month(year, month), 2 + skip));
    }
    // December 31st, 2031.
    let day = small(pieces, at + 1 + skip, 31)?;
    let mut next = at + 2 + skip;
    while next < at + 5
        && (mark(pieces, next, &['.', ','])
            || word(pieces, next).is_some_and(|w| matches!(w, "st" | "nd" | "rd" | "th")))
    {
        next += 1;
    }
    Some((whole(year(pieces, next)?, month, day), next + 1 - at))
}

/// Whether one of the few pieces before a year says that something ends then.
fn ends_there(pieces: &[Piece], at: usize) -> bool {
    (at.saturating_sub(4)..at).any(|before| word(pieces, before).is_some_and(|w| ENDS.contains(&w)))
}

/// The lengths of time of a sentence.
pub(super) fn spans(pieces: &[Piece]) -> Vec<Span> {
    (0..pieces.len()).filter_map(|at| span_at(pieces, at)).collect()
}

fn span_at(pieces: &[Piece], at: usize) -> Option<Span> {
    let by_word = |hours| Some(Span { at, hours, months: None, article: true });
    let (count, article, mut next) = match pieces.get(at)? {
        Piece::Number(number, digits) if *digits <= 3 => (*number, false, at + 1),
        Piece::Word(word) => match word.as_str() {
            "daily" | "täglich" => return by_word(HOURS_OF_DAY),
            "weekly" | "wöchentlich" => return by_word(7 * HOURS_OF_DAY),
            "fortnightly" | "biweekly" | "zweiwöchentlich" => return by_word(14 * HOURS_OF_DAY),
            "monthly" | "monatlich" => return by_word(HOURS_OF_MONTH),
            "next" | "nächsten" | "nächster" => (1, true, at + 1),
            w if ARTICLES.contains(&w) => (1, true, at + 1),
            w => match NUMBERS.iter().find(|(name, _)| *name == w) {
                Some((_, number)) => (*number, false, at + 1),
                // “fünfjährig” is one word.
                None => {
                    let years = w.find("jähr").or_else(|| w.find("jaehr")).and_then(|end| w.get(..end))?;
                    let (_, number) = NUMBERS.iter().find(|(name, _)| *name == years)?;
                    return span(at, *number, "years", false);
                }
            },
        },
        _ => return None,
    };
    // Of a date or a number with a fraction it is only a part.
    if at > 0
        && (mark(pieces, at - 1, &['.', ',', '/', ':']) && number(pieces, at.saturating_sub(2)).is_some())
    {
        return None;
    }
    // “5 (five) working days”, “5-year”.
    let mut skipped = 0;
    while skipped < 5
        && (mark(pieces, next, &['-', '(', ')', '+'])
            || word(pieces, next).is_some_and(|w| {
                matches!(
                    w,
                    "working"
                        | "business"
                        | "full"
                        | "further"
                        | "calendar"
                        | "volle"
                        | "weitere"
                        | "weiteren"
                )
            })
            || (mark(pieces, next.saturating_sub(1), &['('])
                && (word(pieces, next).is_some_and(|w| NUMBERS.iter().any(|(name, _)| *name == w))
                    || number(pieces, next).is_some())))
    {
        next += 1;
        skipped += 1;
    }
    span(at, count, word(pieces, next)?, article)
}

fn span(at: usize, count: u32, unit: &str, article: bool) -> Option<Span> {
    let (each, months) = match unit {
        "hour" | "hours" | "h" | "hrs" | "stunde" | "stunden" => (1, None),
        "day" | "days" | "tag" | "tage" | "tagen" | "tages" => (HOURS_OF_DAY, None),
        "werktag" | "werktage" | "werktagen" | "werktags" | "arbeitstag" | "arbeitstage" | "arbeitstagen"
        | "kalendertage" | "kalendertagen" => (HOURS_OF_DAY, None),
        "week" | "weeks" | "woche" | "wochen" => (7 * HOURS_OF_DAY, None),
        "month" | "months" | "monat" | "monate" | "monaten" | "monats" => (HOURS_OF_MONTH, Some(1)),
        "year" | "years" | "yr" | "yrs" | "jahr" | "jahre" | "jahren" | "jahres" => {
            (12 * HOURS_OF_MONTH, Some(12))
        }
        _ if unit.starts_with("jährig") => (12 * HOURS_OF_MONTH, Some(12)),
        _ => return None,
    };
    if count == 0 {
        return None;
    }
    let months = months.map(|months: u32| months.saturating_mul(count));
    if months.is_some_and(|m| m > 600) {
        return None;
    }
    Some(Span { at, hours: count.saturating_mul(each), months, article })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sentence: &str) -> Vec<String> {
        days(&pieces(sentence)).iter().map(|d| d.until.to_string()).collect()
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for (sentence, day) in [
            ("until 31 December 2031", "2031-12-31"),
            ("until the 31st of December, 2031.", "2031-12-31"),
            ("until December 31st, 2031", "2031-12-31"),
            ("until Dec. 31, 2031", "2031-12-31"),
            ("bis 31.12.2031", "2031-12-31"),
            ("bis zum 31. Dezember 2031", "2031-12-31"),
            ("bis 1. März 2031", "2031-03-01"),
            ("2031-12-31", "2031-12-31"),
            ("2031/12/31", "2031-12-31"),
            ("until 12/31/2031", "2031-12-31"),
            ("until 31/12/2031", "2031-12-31"),
            ("until 05/06/2031", "2031"),
            ("until December 2031", "2031-12"),
            ("bis Dezember 2031", "2031-12"),
            ("12/2031", "2031-12"),
            ("bis Ende 2031", "2031"),
            ("until the end of 2031", "2031"),
            ("bis einschließlich Mai 2031", "2031-05"),
        ] {
            assert_eq!(found(sentence), [day], "{sentence}");
        }
        for sentence in [
            "© 2024 Maker",
            "ISO 81001-5-1:2021",
            "call 030 2031 4455",
            "on 31.13.2031",
            "version 12.4.2031.7",
            "we may",
        ] {
            assert!(found(sentence).is_empty() || sentence.starts_with("version"), "{sentence}");
        }
    }

    #[test]
    fn lengths_of_time_are_read() {
        let months = |sentence: &str| spans(&pieces(sentence)).iter().find_map(|s| s.months);
        for (sentence, count) in [
            ("at least 5 years after the last sale", 60),
            ("at least five (5) years", 60),
            ("mindestens fünf Jahre", 60),
            ("eine fünfjährige Unterstützung", 60),
            ("a 5-year support period", 60),
            ("18 Monate lang", 18),
            ("10jährige", 120),
        ] {
            assert_eq!(months(sentence), Some(count), "{sentence}");
        }
        assert_eq!(months("since 1990"), None);
        let hours = |sentence: &str| spans(&pieces(sentence)).first().map(|s| s.hours);
        assert_eq!(hours("within 3 working days"), Some(72));
        assert_eq!(hours("innerhalb von zwei Werktagen"), Some(48));
        assert_eq!(hours("binnen 24 h"), Some(24));
        assert_eq!(hours("on the next working day"), Some(24));
        assert_eq!(hours("every two weeks"), Some(336));
        assert!(spans(&pieces("once a year"))[0].article);
    }

    #[test]
    fn rubbish_ends() {
        for rubbish in ["1", "1.", "dec ", "9999999999999 ", "5 (", "- ", "31.12.", "é"] {
            let pieces = pieces(&rubbish.repeat(5_000));
            assert!(pieces.len() <= PIECES);
            let _ = (days(&pieces), spans(&pieces));
        }
    }
}
