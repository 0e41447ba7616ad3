//! From the tables of a file to requirements, frameworks and perimeter tests, with every rule that a file must keep.

use std::collections::BTreeSet;

use auscult_model::{AspectId, CheckId, Message, NodeKind, RequirementId};

use crate::mistake::CatalogMistake;
use crate::read::{At, Source, Table};
use crate::{Applies, Aspect, By, Clause, Condition, Framework, PerimeterTest, Relation, Requirement};

const REQUIREMENT: &[&str] = &[
    "id",
    "area",
    "title",
    "intent",
    "roles",
    "condition",
    "tests",
    "automation",
    "applies",
    "gateway_may_wrap",
    "remedy",
    "aspects",
    "cites",
];
const APPLIES: &[&str] = &["homecare", "integrated-care"];
const CONDITION: &[&str] = &["protocols", "traits", "networks", "legacy"];
const ASPECT: &[&str] = &["id", "title", "by", "step"];
const CLAUSE: &[&str] = &["framework", "clause", "relation", "verified"];
const FRAMEWORK: &[&str] = &["id", "name", "publisher", "edition", "about"];
const PERIMETER: &[&str] =
    &["unit", "kind", "ixit", "test", "level", "requirements", "checks", "missing", "limits"];

const TESTS: &[(&str, &str)] = &[
    ("probe", "probe"),
    ("traffic", "traffic"),
    ("document", "document"),
    ("firmware", "firmware"),
    ("sbom", "sbom"),
];
const AUTOMATION: &[(&str, &str)] = &[("auto", "auto"), ("semi", "semi"), ("manual", "manual")];
const DECIDERS: &[(&str, By)] = &[("check", By::Check), ("hand", By::Hand)];
const RELATIONS: &[(&str, Relation)] = &[
    ("equal", Relation::Equal),
    ("subset", Relation::Subset),
    ("superset", Relation::Superset),
    ("intersects", Relation::Intersects),
];
const KINDS: &[(&str, &str)] = &[("functional", "functional"), ("conceptual", "conceptual")];
const LEVELS: &[(&str, &str)] = &[("Z", "Z"), ("I", "I"), ("A", "A"), ("G", "G")];

/// A name that must exist in the catalog once every file is read, and the mistake to note if it does not.
pub(crate) struct Mention {
    /// The framework or requirement that is named.
    pub(crate) name: String,
    /// What to say when there is none of that name.
    pub(crate) mistake: CatalogMistake,
}

/// The requirement that a file holds, and the frameworks it cites that `known` does not know yet.
///
/// `None` after a mistake was noted that leaves no requirement to speak of.
pub(crate) fn requirement(
    source: &mut Source<'_>,
    known: impl Fn(&str) -> bool,
) -> Option<(Requirement, Vec<Mention>)> {
    let before = source.mistakes();
    let tree = source.tree()?;
    let file = Table::new(tree.get_ref(), tree.span(), REQUIREMENT, source);

    let id = file.text(source, "id");
    let area = file.text(source, "area");
    if let Some(id) = &id
        && !is_requirement_id(&id.value)
    {
        source.note(id.at, Message::new("catalog.requirement-id").with("id", &id.value), None);
    }
    if let (Some(id), Some(area)) = (&id, &area)
        && id.value.split('-').next() != Some(area.value.as_str())
    {
        let message = Message::new("catalog.area-differs").with("area", &area.value).with("id", &id.value);
        source.note(area.at, message, None);
    }

    let title = file.text(source, "title");
    let intent = file.text(source, "intent");
    let roles: Vec<_> = NodeKind::ALL.iter().map(|kind| (kind.word(), *kind)).collect();
    let roles = file.words(source, "roles", &roles);
    let condition = file
        .table_if_any(source, "condition", CONDITION)
        .map(|table| condition(source, &table))
        .unwrap_or_default();
    let tests = file.words(source, "tests", TESTS);
    let automation = file.word(source, "automation", AUTOMATION);
    let applies = file.table(source, "applies", APPLIES).and_then(|table| applies(source, &table));
    let gateway_may_wrap = file.flag_if_any(source, "gateway_may_wrap").unwrap_or_default();
    let remedy = file.text(source, "remedy");
    let aspects = aspects(source, &file);
    let (cites, mentions) = cites(source, &file, known);

    let requirement = Requirement {
        id: RequirementId::from(id?.value),
        area: area?.value,
        title: title?.value,
        intent: intent?.value,
        roles: roles?,
        condition,
        tests: owned(tests?),
        automation: automation?.to_owned(),
        applies: applies?,
        gateway_may_wrap,
        remedy: remedy?.value,
        aspects,
        cites,
    };
    (source.mistakes() == before).then_some((requirement, mentions))
}

/// The framework that a file holds.
pub(crate) fn framework(source: &mut Source<'_>) -> Option<Framework> {
    let before = source.mistakes();
    let tree = source.tree()?;
    let file = Table::new(tree.get_ref(), tree.span(), FRAMEWORK, source);
    let id = file.text(source, "id");
    if let Some(id) = &id {
        note_unless_kebab(source, id);
    }
    let name = file.text(source, "name");
    let publisher = file.text(source, "publisher");
    let edition = file.text(source, "edition");
    let about = file.text(source, "about");
    let framework = Framework {
        id: id?.value,
        name: name?.value,
        publisher: publisher?.value,
        edition: edition?.value,
        about: about?.value,
    };
    (source.mistakes() == before).then_some(framework)
}

/// The perimeter tests that a file holds, and the requirements they name that `known` does not know yet.
pub(crate) fn perimeter(
    source: &mut Source<'_>,
    known: impl Fn(&str) -> bool,
) -> Option<(Vec<PerimeterTest>, Vec<Mention>)> {
    let before = source.mistakes();
    let tree = source.tree()?;
    let file = Table::new(tree.get_ref(), tree.span(), &["test"], source);
    let mut units = BTreeSet::new();
    let mut tests = Vec::new();
    let mut mentions = Vec::new();
    for table in file.tables(source, "test", PERIMETER) {
        let unit = table.text(source, "unit");
        if let Some(unit) = &unit
            && !units.insert(unit.value.clone())
        {
            source.note(unit.at, Message::new("catalog.said-twice").with("word", &unit.value), None);
        }
        let kind = table.word(source, "kind", KINDS);
        let ixit = table.text(source, "ixit");
        let test = table.text(source, "test");
        let level = table.word(source, "level", LEVELS);
        let requirements = table.texts(source, "requirements").unwrap_or_default();
        for named in requirements.iter().filter(|named| !known(&named.value)) {
            mentions.push(mention(source, named, "catalog.unknown-requirement"));
        }
        let requirements = requirements.into_iter().map(|named| named.value.into()).collect();
        let checks = table.texts_if_any(source, "checks");
        let missing = table.text_if_any(source, "missing").map(|text| text.value);
        let limits = table.text_if_any(source, "limits").map(|text| text.value);
        let read = || {
            Some(PerimeterTest {
                unit: unit?.value,
                kind: kind?.to_owned(),
                ixit: ixit?.value,
                test: test?.value,
                level: level?.to_owned(),
                requirements,
                checks: checks.into_iter().map(|id| CheckId::from(id.value)).collect(),
                missing,
                limits,
            })
        };
        tests.extend(read());
    }
    (source.mistakes() == before).then_some((tests, mentions))
}

/// The version that a file gives the whole catalog.
pub(crate) fn version(source: &mut Source<'_>) -> Option<String> {
    let tree = source.tree()?;
    let file = Table::new(tree.get_ref(), tree.span(), &["version"], source);
    file.text(source, "version").map(|version| version.value)
}

fn condition(source: &mut Source<'_>, table: &Table<'_, '_>) -> Condition {
    let mut words = |key| {
        let words = table.texts_if_any(source, key);
        for word in &words {
            note_unless_kebab(source, word);
        }
        words.into_iter().map(|word| word.value).collect()
    };
    Condition {
        protocols: words("protocols"),
        traits: words("traits"),
        networks: words("networks"),
        legacy: table.flag_if_any(source, "legacy").unwrap_or_default(),
    }
}

fn applies(source: &mut Source<'_>, table: &Table<'_, '_>) -> Option<Applies> {
    let mut letters = |key| {
        let letters = table.text(source, key)?;
        if letters.value.len() != 4 || !letters.value.bytes().all(|b| matches!(b, b'M' | b'R' | b'-')) {
            source.note(letters.at, Message::new("catalog.four-letters").with("said", &letters.value), None);
        }
        Some(letters.value)
    };
    let homecare = letters("homecare");
    let integrated_care = letters("integrated-care");
    Some(Applies { homecare: homecare?, integrated_care: integrated_care? })
}

fn aspects(source: &mut Source<'_>, file: &Table<'_, '_>) -> Vec<Aspect> {
    let tables = file.tables(source, "aspects", ASPECT);
    if tables.is_empty() {
        source.note(file.at(), Message::new("catalog.no-aspect"), None);
    }
    let mut ids = BTreeSet::new();
    let mut aspects = Vec::with_capacity(tables.len());
    for table in tables {
        let id = table.text(source, "id");
        if let Some(id) = &id {
            note_unless_kebab(source, id);
            if !ids.insert(id.value.clone()) {
                source.note(id.at, Message::new("catalog.said-twice").with("word", &id.value), None);
            }
        }
        let title = table.text(source, "title");
        let by = table.word(source, "by", DECIDERS);
        let step = table.text_if_any(source, "step");
        if by == Some(By::Hand) && step.is_none() {
            source.note(table.at(), Message::new("catalog.hand-without-step"), None);
        }
        let read = || {
            Some(Aspect {
                id: AspectId::from(id?.value),
                title: title?.value,
                by: by?,
                step: step.map(|step| step.value),
            })
        };
        aspects.extend(read());
    }
    aspects
}

fn cites(
    source: &mut Source<'_>,
    file: &Table<'_, '_>,
    known: impl Fn(&str) -> bool,
) -> (Vec<Clause>, Vec<Mention>) {
    let mut cites = Vec::new();
    let mut mentions = Vec::new();
    for table in file.tables(source, "cites", CLAUSE) {
        let framework = table.text(source, "framework");
        if let Some(framework) = framework.as_ref().filter(|framework| !known(&framework.value)) {
            mentions.push(mention(source, framework, "catalog.unknown-framework"));
        }
        let clause = table.text(source, "clause");
        let relation = table.word_if_any(source, "relation", RELATIONS).unwrap_or_default();
        let verified = table.flag(source, "verified");
        let read = || {
            Some(Clause { framework: framework?.value, clause: clause?.value, relation, verified: verified? })
        };
        cites.extend(read());
    }
    (cites, mentions)
}

fn mention(source: &Source<'_>, named: &At<String>, message: &str) -> Mention {
    let message = Message::new(message).with("name", &named.value);
    Mention { name: named.value.clone(), mistake: source.mistake(named.at, message, None) }
}

/// Two to four capital letters, a hyphen, two digits.
fn is_requirement_id(id: &str) -> bool {
    match id.as_bytes() {
        [area @ .., b'-', tens, ones] => {
            (2..=4).contains(&area.len())
                && area.iter().all(u8::is_ascii_uppercase)
                && tens.is_ascii_digit()
                && ones.is_ascii_digit()
        }
        _ => false,
    }
}

/// Notes a word that is not made of lower-case letters, digits and single hyphens, or is longer than 64.
fn note_unless_kebab(source: &mut Source<'_>, word: &At<String>) {
    let well_formed = word.value.len() <= 64
        && word.value.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
    if !well_formed {
        source.note(word.at, Message::new("catalog.word-form").with("word", &word.value), None);
    }
}

fn owned(words: Vec<&str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}
