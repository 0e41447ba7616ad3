//! HTML: one file that asks for nothing, reads without a script, and is built as assistive software expects.

use auscult_model::assessment::Assessment;
use auscult_report::html::write;

use crate::edith;
use crate::markup::{Tag, read};

/// Every report that is built here, with its name.
fn reports() -> Vec<(&'static str, String)> {
    let catalogue = edith::catalogue();
    let (before, after) = (edith::status_quo(), edith::target());
    let all: [(&str, &Assessment, Option<&Assessment>); 6] = [
        ("status quo", &before, None),
        ("target", &after, Some(&before)),
        ("large", &edith::large(), None),
        ("crowded", &edith::crowded(40), None),
        ("bare", &edith::bare(), None),
        ("passed", &edith::passed(), Some(&after)),
    ];
    let reports = all.map(|(name, assessment, before)| (name, write(assessment, before, &catalogue))).into();
    assert_eq!(catalogue.missing(), 0);
    reports
}

#[test]
fn it_asks_for_nothing() {
    for (name, html) in reports() {
        assert!(
            html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:;"),
            "{name}"
        );
        assert!(!html.contains("<script") && !html.contains("://") && !html.contains("@import"), "{name}");
        for tag in read(&html) {
            assert!(tag.value("href").is_none_or(|h| h.starts_with('#')), "{name}");
            let only_width = |s: &str| s.strip_prefix("flex-grow:").is_some_and(|n| n.parse::<u64>().is_ok());
            assert!(tag.value("style").is_none_or(only_width), "{name}");
        }
    }
}

#[test]
fn the_same_assessment_gives_the_same_bytes() {
    let (first, second) = (reports(), reports());
    assert!(first == second);
}

#[test]
fn a_large_report_stays_handy() {
    let (_, large) = reports().into_iter().find(|(name, _)| *name == "large").unwrap();
    assert!(large.len() <= 1_000_000, "{} bytes for 840 failures", large.len());
}

#[test]
fn headings_descend_by_one_step() {
    for (name, html) in reports() {
        let levels: Vec<u32> = read(&html)
            .iter()
            .filter_map(|t| t.name.strip_prefix('h').and_then(|n| n.parse().ok()))
            .collect();
        assert_eq!(levels.iter().filter(|l| **l == 1).count(), 1, "{name}");
        assert!(levels.windows(2).all(|l| l[1] <= l[0] + 1), "{name}: {levels:?}");
    }
}

#[test]
fn references_point_somewhere_and_ids_are_unique() {
    for (name, html) in reports() {
        let tags = read(&html);
        let mut ids: Vec<&str> = tags.iter().filter_map(|t| t.value("id")).collect();
        let uses = |attribute: &'static str| tags.iter().filter_map(move |t| t.value(attribute));
        for used in uses("href").map(|h| &h[1..]).chain(uses("aria-labelledby").flat_map(|v| v.split(' '))) {
            assert!(ids.contains(&used), "{name}: {used}");
        }
        ids.sort_unstable();
        assert!(ids.windows(2).all(|i| i[0] != i[1]), "{name}");
    }
}

#[test]
fn tables_and_pictures_say_what_they_are() {
    for (name, html) in reports() {
        let tags = read(&html);
        let count = |tag: &str| tags.iter().filter(|t| t.name == tag).count();
        assert_eq!(count("table"), count("caption"), "{name}");
        assert!(tags.iter().filter(|t| t.name == "th").all(|t| t.value("scope").is_some()), "{name}");
        let silent = |t: &&Tag| t.name == "svg" && t.value("aria-hidden") != Some("true");
        assert!(tags.iter().filter(silent).all(|t| t.value("role") == Some("img")), "{name}");
        assert_eq!(tags.iter().filter(silent).count(), count("desc"), "{name}");
        assert_eq!(tags[0].value("lang"), Some("en"), "{name}");
        let first_link = tags.iter().find(|t| t.name == "a");
        assert_eq!(first_link.and_then(|t| t.value("class")), Some("skip"), "{name}");
    }
}

#[test]
fn many_nodes_give_way_to_the_table() {
    let html = write(&edith::crowded(40), None, &edith::catalogue());
    assert!(!html.contains("<figure") && html.contains("40 nodes are more than a picture can show legibly"));
    let html = write(&edith::crowded(20), None, &edith::catalogue());
    assert!(html.contains("<figure"));
}

#[test]
fn what_matters_is_in_it() {
    let html = write(&edith::target(), Some(&edith::status_quo()), &edith::catalogue());
    for words in [
        "42 requirements apply: 32 passed, 3 failed, 7 undecided",
        "auscult verify CASE",
        "auscult judge CASE",
        "Edith at home: Status quo",
        "fails now and did not before",
        "holds only together with Tablet hub",
        "unverified",
        "accepted for a time",
        "ETSI EN 303 645 V3.1.3",
        "Record 24 hours of traffic",
        "of 780",
        "5G test laboratory, Weiden",
    ] {
        assert!(html.contains(words), "{words}");
    }
    let html = write(&edith::status_quo(), None, &edith::catalogue());
    for words in [
        "in clear",
        "undeclared: tcp/23",
        "auscult check edith.toml --impact intrusive",
        "Work on Glucose sensor was stopped",
    ] {
        assert!(html.contains(words), "{words}");
    }
}
