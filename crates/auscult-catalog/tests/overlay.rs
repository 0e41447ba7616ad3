//! A user's files: what they add and replace, what is said about mistakes, and that no file does harm.

use std::collections::BTreeSet;

use auscult_catalog::{By, Catalog, CatalogMistake, MAX_FILE, MAX_FILES};
use auscult_text::Catalogue;

const OWN: &str = r#"
id = "HOS-01"
area = "HOS"
title = "The device carries an inventory sticker"
intent = "So that the ward finds it."
roles = ["device"]
tests = ["document"]
automation = "manual"
remedy = "Put a sticker on it and write its number into the inventory."

[applies]
homecare = "----"
integrated-care = "RRMM"

[[aspects]]
id = "sticker"
title = "A sticker is there"
by = "hand"
step = """
Look for it.
Keep a photograph; it passes when it can be read.
"""

[[cites]]
framework = "house-rules"
clause = "7"
relation = "equal"
verified = true
"#;

const HOUSE_RULES: &str = r#"
id = "house-rules"
name = "House rules"
publisher = "The hospital"
edition = "2026"
about = "Rules of our own."
"#;

fn lay(files: &[(&str, &str)]) -> Result<Catalog, Vec<CatalogMistake>> {
    Catalog::embedded().overlay(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())))
}

fn mistakes(files: &[(&str, &str)]) -> Vec<CatalogMistake> {
    lay(files).expect_err("the files are mistaken")
}

/// Mistakes as `line:column id`.
fn told(files: &[(&str, &str)]) -> Vec<String> {
    mistakes(files)
        .into_iter()
        .map(|m| format!("{}:{} {}", m.line, m.column, m.message.id.trim_start_matches("catalog.")))
        .collect()
}

#[test]
fn a_new_file_adds() {
    // The framework comes after the requirement that cites it: the order of files does not matter.
    let catalog = lay(&[("hos/HOS-01.toml", OWN), ("frameworks/house-rules.toml", HOUSE_RULES)]).unwrap();
    let own = catalog.get("HOS-01").unwrap();
    assert_eq!(own.aspects[0].by, By::Hand);
    let step = own.aspects[0].step.as_deref();
    assert_eq!(step, Some("Look for it. Keep a photograph; it passes when it can be read."));
    assert_eq!(catalog.requirements.len(), 121);
    assert_ne!(catalog.digest(), Catalog::embedded().digest());
}

#[test]
fn a_known_id_replaces() {
    let stricter = OWN.replace("HOS", "TLS").replace("house-rules", "bsi-c5");
    let catalog = lay(&[("ours.toml", &stricter)]).unwrap();
    assert_eq!(catalog.requirements.len(), 120);
    assert_eq!(catalog.get("TLS-01").unwrap().title, "The device carries an inventory sticker");
}

#[test]
fn nothing_and_other_files_change_nothing() {
    assert!(lay(&[]).unwrap() == Catalog::embedded());
    assert!(lay(&[("README.md", "# ours"), ("x.toml~", "[[[")]).unwrap() == Catalog::embedded());
}

#[test]
fn every_mistake_is_told_at_once_with_its_place() {
    let text = r#"id = "tls-1"
area = "TLS"
titel = "?"
intent = ""
roles = ["device", "gatway", "device"]
tests = []
automation = "automatic"
remedy = 7

[applies]
homecare = "MMM"
integrated-care = "MMMX"

[[aspects]]
id = "One Two"
title = "t"
by = "hand"

[[aspects]]
id = "three"
title = "t"
by = "check"

[[aspects]]
id = "three"
title = "t"
by = "magic"

[[cites]]
framework = "bsi-c6"
clause = "1"
relation = "about"
"#;
    assert_eq!(
        told(&[("bad.toml", text)]),
        [
            "1:1 missing-key",
            "1:6 requirement-id",
            "2:8 area-differs",
            "3:1 unknown-key",
            "4:10 empty-text",
            "5:20 unknown-word",
            "5:30 said-twice",
            "6:9 empty-list",
            "7:14 unknown-word",
            "8:10 wrong-kind",
            "11:12 four-letters",
            "12:19 four-letters",
            "14:1 hand-without-step",
            "15:6 word-form",
            "25:6 said-twice",
            "27:6 unknown-word",
            "29:1 missing-key",
            "32:12 unknown-word",
        ]
    );
}

#[test]
fn hints_name_the_nearest() {
    let hint = |text: &str| {
        let found = mistakes(&[("x.toml", text), ("frameworks/h.toml", HOUSE_RULES)]);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].hint.clone().unwrap().args.remove("name").unwrap()
    };
    assert_eq!(hint(&OWN.replace("[[cites]]", "[condition]\ntraitss = []\n[[cites]]")), "traits");
    assert_eq!(hint(&OWN.replace("\"house-rules\"", "\"hose-rules\"")), "house-rules");
    assert_eq!(hint(&OWN.replace("\"manual\"", "\"manually\"")), "manual");
}

#[test]
fn unknown_names_are_found_across_files() {
    assert_eq!(told(&[("a.toml", OWN)]), ["25:13 unknown-framework"]);
    let test = "[[test]]\nunit = \"5.9-9-9z\"\nkind = \"functional\"\nixit = \"X\"\ntest = \"t\"\nlevel = \"Z\"\nrequirements = [\"TLS-99\"]\n";
    assert_eq!(told(&[("ts103701.toml", test)]), ["7:17 unknown-requirement"]);
}

#[test]
fn one_id_from_two_files_is_a_mistake() {
    let files = [("a.toml", OWN), ("b.toml", OWN), ("frameworks/house-rules.toml", HOUSE_RULES)];
    let found = mistakes(&files);
    assert_eq!((found.len(), found[0].file.as_str()), (1, "b.toml"));
    assert_eq!(found[0].message.args["other"], "a.toml");
}

#[test]
fn a_cut_file_never_harms() {
    let files = |text: &str| [("a.toml".to_owned(), text.to_owned())];
    let catalog = Catalog::embedded();
    let whole = OWN.replace("house-rules", "bsi-c5");
    for end in 0..whole.len() {
        // What is left may be a smaller, sound file; it must only never end in anything but an answer.
        let _ = catalog.clone().overlay(files(&whole[..end]));
    }
}

#[test]
fn a_changed_byte_never_harms() {
    let catalog = Catalog::embedded();
    let whole = OWN.replace("house-rules", "bsi-c5");
    for at in (0..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
        for put in ["\"", "[", "{", "\u{0}", "=", "é", "\n"] {
            let mut text = whole.clone();
            text.replace_range(at..=at, put);
            let _ = catalog.clone().overlay([("a.toml".to_owned(), text)]);
        }
    }
}

#[test]
fn hostile_files_give_mistakes() {
    let deep = format!("id = {}{}", "[".repeat(30_000), "]".repeat(30_000));
    assert!(told(&[("deep.toml", &deep)]).iter().all(|m| m.ends_with("syntax")));
    let tables = format!("[{}a]\nb = 1", "a.".repeat(15_000));
    assert!(!mistakes(&[("tables.toml", &tables)]).is_empty());
    let huge = "#".repeat(MAX_FILE + 1);
    assert_eq!(told(&[("huge.toml", &huge)]), ["1:1 file-too-long"]);
    let wrong = "id = 1979-05-27\narea = {}\nroles = \"device\"\napplies = []\naspects = [1]\ncites = true\n";
    assert!(mistakes(&[("wrong.toml", wrong)]).len() > 6);
    let keys: String = (0..5_000).map(|n| format!("k{n} = 1\n")).collect();
    let found = mistakes(&[("keys.toml", &keys), ("more.toml", &keys)]);
    assert_eq!(found.len(), 1001);
    assert!(found.iter().any(|m| m.message.id == "catalog.more-mistakes"));
    assert_eq!(told(&[("empty.toml", "")]).len(), 10);
}

#[test]
fn files_are_counted() {
    let files = (0..=MAX_FILES)
        .map(|n| (format!("frameworks/f{n}.toml"), HOUSE_RULES.replace("house", &format!("h{n}"))));
    let found = Catalog::embedded().overlay(files).unwrap_err();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message.id, "catalog.too-many-files");
}

#[test]
fn every_message_has_words() {
    let words = Catalogue::english(&auscult_catalog::texts().collect::<Vec<_>>());
    let mut found = BTreeSet::new();
    for source in [
        include_str!("../src/read.rs"),
        include_str!("../src/parse.rs"),
        include_str!("../src/catalog.rs"),
        include_str!("../src/mistake.rs"),
    ] {
        for rest in source.split("\"catalog.").skip(1) {
            let id = rest.split('"').next().unwrap();
            if id != "toml" {
                found.insert(format!("catalog.{id}"));
            }
        }
    }
    assert!(found.len() >= 18, "{found:?}");
    for id in &found {
        assert!(words.has(id), "{id} has no words");
    }
    for mistake in mistakes(&[("a.toml", "id = 7\nintnt = \"x\"")]) {
        words.say(&mistake.message);
        if let Some(hint) = &mistake.hint {
            words.say(hint);
        }
    }
    assert_eq!(words.missing(), 0);
}
