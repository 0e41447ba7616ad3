//! Assessments full of a stranger's words, in every format.

use std::collections::BTreeMap;
use std::sync::Arc;

use auscult_model::assessment::*;
use auscult_model::{
    DataClass, Force, Impact, Message, NodeId, NodeKind, Pace, RequirementId, RiskClass, Setting, Severity,
    Stage, Verdict,
};
use auscult_report::terminal::TerminalOptions;
use auscult_report::{html, json, terminal};

use crate::draw::Draw;
use crate::files::WORDS;

const VERDICTS: [Verdict; 3] = [Verdict::Pass, Verdict::Inconclusive, Verdict::Fail];

/// Messages whose words take arguments from a device.
const MESSAGES: [&str; 5] =
    ["http-version-told.told", "engine.class-declared", "engine.applies-protocol", "report.by-check", ""];

/// Two assessments, drawn.
pub fn report(bytes: &[u8]) {
    let mut draw = Draw::new(bytes);
    let width = usize::from(draw.byte());
    let after = drawn(&mut draw);
    let before = draw.maybe(drawn);
    told(after, before.as_ref(), width);
}

/// An assessment as JSON, from whomever.
pub fn assessment(bytes: &[u8]) {
    let Ok(assessment) = serde_json::from_slice::<Assessment>(bytes) else { return };
    told(assessment.clone(), Some(&assessment), 80);
}

/// Tells an assessment in every format, and looks at what comes out.
fn told(after: Assessment, before: Option<&Assessment>, width: usize) {
    let options = TerminalOptions { width, color: false };
    let mut pages = vec![terminal::write(&after, &WORDS, &options)];
    if let Some(before) = before {
        pages.push(terminal::write_diff(before, &after, &WORDS, &options));
    }
    pages.push(terminal::write_places(
        &[("html", after.scenario.title.as_str()), (after.scenario.digest.as_str(), "")],
        &WORDS,
        &options,
    ));
    for page in pages {
        assert_plain(&page);
    }
    assert_coloured(&terminal::write(&after, &WORDS, &TerminalOptions { width, color: true }));

    assert_dead(&html::write(&after, before, &WORDS));

    let written = json::write(&after);
    assert!(!written.chars().any(|c| c != '\n' && (c.is_control() || unseen(c))), "{written:?}");
    assert_eq!(serde_json::from_str::<Assessment>(&written).ok(), Some(after));
}

/// Characters that turn text round or hide it.
fn unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn assert_plain(page: &str) {
    let bad = page.chars().find(|c| *c != '\n' && (c.is_control() || unseen(*c)));
    assert_eq!(bad, None, "in {page:?}");
}

/// Asserts that every escape in it is one of colour, and that the last one ends it.
fn assert_coloured(page: &str) {
    let mut parts = page.split('\u{1b}');
    assert_plain(parts.next().unwrap_or_default());
    let mut coloured = false;
    for part in parts {
        let (code, text) = part.strip_prefix('[').and_then(|p| p.split_once('m')).expect("a colour");
        assert!(["0", "1", "2", "1;31", "33", "32"].contains(&code), "{code:?}");
        coloured = code != "0";
        assert_plain(text);
    }
    assert!(!coloured);
}

/// Tags that the report's own templates hold.
const TAGS: &[&str] = &[
    "a",
    "article",
    "b",
    "body",
    "caption",
    "circle",
    "code",
    "dd",
    "desc",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "g",
    "h1",
    "h2",
    "h3",
    "h4",
    "head",
    "header",
    "html",
    "li",
    "main",
    "meta",
    "nav",
    "p",
    "path",
    "pre",
    "rect",
    "section",
    "small",
    "span",
    "style",
    "summary",
    "svg",
    "symbol",
    "table",
    "tbody",
    "td",
    "text",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
    "use",
    "ol",
    "line",
    "tspan",
];

/// Asserts that nothing in a page acts: only our own tags, no handler, no address but places in the page itself.
fn assert_dead(page: &str) {
    let page = page.strip_prefix("<!DOCTYPE html>").expect("it begins as HTML");
    assert!(!page.chars().any(|c| c != '\n' && (c.is_control() || unseen(c))));
    let (head, rest) = page.split_once("<style>").expect("it has a style sheet");
    let (_, body) = rest.split_once("</style>").expect("the style sheet ends");
    assert!(body.starts_with("\n</head>"), "the style sheet ends early");
    for mut rest in [head, body] {
        while let Some((_, after)) = rest.split_once('<') {
            rest = tag(after);
        }
    }
}

/// Reads one tag after its `<`; gives what follows its `>`.
fn tag(text: &str) -> &str {
    let opened = text.strip_prefix('/').unwrap_or(text);
    let end = opened.find(|c: char| !c.is_ascii_alphanumeric()).expect("a tag ends");
    let (name, mut rest) = opened.split_at(end);
    assert!(TAGS.contains(&name), "a tag that is not ours: {name:?}");
    loop {
        rest = rest.trim_start_matches([' ', '\n', '/']);
        if let Some(after) = rest.strip_prefix('>') {
            return after;
        }
        let end = rest.find(['=', '>', ' ']).expect("a tag ends");
        let (attribute, after) = rest.split_at(end);
        assert!(
            attribute.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-') && !attribute.starts_with("on"),
            "an attribute that is not ours: {attribute:?}"
        );
        let value = after.strip_prefix("=\"").and_then(|a| a.split_once('"'));
        let (value, after) = value.unwrap_or(("", after.trim_start_matches('=')));
        match attribute {
            "href" => assert!(value.starts_with('#'), "{value:?}"),
            "style" => assert!(value.starts_with("flex-grow:") && !value.contains([';', '(']), "{value:?}"),
            "src" | "action" | "srcdoc" | "srcset" => panic!("nothing is loaded: {value:?}"),
            _ => {}
        }
        rest = after;
    }
}

fn drawn(draw: &mut Draw<'_>) -> Assessment {
    let nodes = draw.list(4, node);
    let requirements: BTreeMap<RequirementId, RequirementSummary> = draw
        .list(4, |d| {
            let summary = RequirementSummary { title: d.text(), area: d.text(), intent: d.text() };
            (RequirementId::from(d.text()), summary)
        })
        .into_iter()
        .collect();
    let known = Known {
        nodes: nodes.iter().map(|n| n.id.clone()).collect(),
        requirements: requirements.keys().cloned().collect(),
    };
    Assessment {
        schema: SCHEMA.to_owned(),
        scenario: ScenarioRef {
            title: draw.text(),
            stage: draw.one_of(Stage::ALL),
            setting: draw.one_of(Setting::ALL),
            digest: draw.text(),
            authorised_by: draw.maybe(Draw::text),
        },
        catalog: VersionRef { version: draw.text(), digest: draw.text() },
        checks: VersionRef { version: draw.text(), digest: draw.text() },
        evidence: EvidenceRef {
            records: number(draw),
            head: draw.text(),
            from: draw.maybe(time),
            until: draw.maybe(time),
        },
        verdict: draw.one_of(&VERDICTS),
        coverage: Coverage {
            applicable: number(draw),
            passed: number(draw),
            failed: number(draw),
            inconclusive: number(draw),
            not_applicable: number(draw),
            targets_selected: number(draw),
            targets_observed: number(draw),
        },
        rulings: draw.list(6, |d| ruling(d, &known)),
        not_tested: draw.list(5, |d| NotTested {
            requirement: known.requirement(d),
            node: known.node(d),
            aspect: d.maybe(|d| d.text().into()),
            target: d.maybe(Draw::text),
            reason: reason(d),
            next: d.text(),
            by_hand: d.flag(),
        }),
        not_applicable: draw.list(4, |d| NotApplicable {
            requirement: known.requirement(d),
            node: known.node(d),
            reason: reason(d),
        }),
        flows: draw.list(4, |d| flow(d, &known)),
        frameworks: draw.list(3, |d| (d.text(), d.text())).into_iter().collect(),
        safety: draw.list(3, |d| safety(d, &known)),
        nodes,
        requirements,
    }
}

/// Ids that rulings may speak of.
struct Known {
    nodes: Vec<NodeId>,
    requirements: Vec<RequirementId>,
}

impl Known {
    fn node(&self, draw: &mut Draw<'_>) -> NodeId {
        if self.nodes.is_empty() || draw.below(4) == 0 {
            draw.text().into()
        } else {
            draw.one_of(&self.nodes)
        }
    }

    fn requirement(&self, draw: &mut Draw<'_>) -> RequirementId {
        if self.requirements.is_empty() || draw.below(4) == 0 {
            draw.text().into()
        } else {
            draw.one_of(&self.requirements)
        }
    }
}

fn number(draw: &mut Draw<'_>) -> u64 {
    match draw.byte() {
        255 => u64::MAX,
        254 => u64::from(draw.word()) << 40,
        small => u64::from(small),
    }
}

fn time(draw: &mut Draw<'_>) -> jiff::Timestamp {
    let second = i64::from(draw.word()) * 1_000_000 - 20_000_000_000;
    jiff::Timestamp::from_second(second).unwrap_or_default()
}

fn reason(draw: &mut Draw<'_>) -> Reason {
    let mut message = Message::new(draw.one_of(&MESSAGES));
    if message.id.is_empty() {
        message.id = draw.text();
    }
    for name in ["versions", "class", "what", "force", "setting", "check", "target", "n"] {
        if draw.flag() {
            message = message.with(name, draw.text());
        }
    }
    Reason { because: draw.text(), message }
}

fn node(draw: &mut Draw<'_>) -> NodeSummary {
    NodeSummary {
        id: draw.text().into(),
        name: draw.text(),
        kind: draw.one_of(NodeKind::ALL),
        class: draw.one_of(RiskClass::ALL),
        setting: draw.one_of(Setting::ALL),
        product: draw.maybe(Draw::text),
        address: draw.maybe(Draw::text),
        behind: draw.maybe(|d| d.text().into()),
        network_kind: draw.maybe(Draw::text),
        services: draw.list(3, |d| ServiceSummary {
            name: d.text().into(),
            port: d.text(),
            protocol: d.maybe(Draw::text),
            tls: d.maybe(Draw::flag),
            declared: d.flag(),
            state: d.text(),
        }),
    }
}

fn ruling(draw: &mut Draw<'_>, known: &Known) -> Ruling {
    Ruling {
        requirement: known.requirement(draw),
        node: known.node(draw),
        applicability: Applicability {
            applies: draw.flag(),
            force: draw.maybe(|d| d.one_of(Force::ALL)),
            reason: reason(draw),
        },
        verdict: draw.one_of(&VERDICTS),
        severity: draw.maybe(|d| d.one_of(Severity::ALL)),
        reason: reason(draw),
        only_with: draw.maybe(|d| known.node(d)),
        trials: draw.list(3, |d| Trial {
            check: d.text().into(),
            aspect: d.text().into(),
            target: d.text(),
            verdict: d.one_of(&VERDICTS),
            severity: d.maybe(|d| d.one_of(Severity::ALL)),
            reason: reason(d),
            evidence: d.maybe(Draw::text),
            finding: d.maybe(|d| d.text().into()),
        }),
        cites: Arc::from(draw.list(3, |d| Cite {
            framework: d.text(),
            clause: d.text(),
            relation: d.text(),
            verified: d.flag(),
        })),
        remedy: Arc::from(draw.text()),
        disposition: draw.one_of(&[Disposition::Open, Disposition::Fixed, Disposition::Waived]),
    }
}

fn flow(draw: &mut Draw<'_>, known: &Known) -> FlowSummary {
    let end = |d: &mut Draw<'_>| {
        let node = known.node(d);
        d.maybe(Draw::text).map_or(node.to_string(), |service| format!("{node}/{service}"))
    };
    FlowSummary {
        from: end(draw),
        to: end(draw),
        data: draw.list(4, |d| d.one_of(DataClass::ALL)),
        over: draw.list(3, |d| known.node(d)),
        protected: draw.maybe(Draw::flag),
    }
}

fn safety(draw: &mut Draw<'_>, known: &Known) -> SafetySummary {
    SafetySummary {
        node: known.node(draw),
        allowed: draw.one_of(Impact::ALL),
        used: draw.one_of(Impact::ALL),
        pace: draw.one_of(Pace::ALL),
        connections: number(draw),
        packets: number(draw),
        connections_announced: number(draw),
        packets_announced: number(draw),
        liveness_asked: number(draw),
        liveness_missed: number(draw),
        stopped: draw.maybe(reason),
    }
}
