//! Edith's world as an assessment, at home today and as it shall become: every person and product is invented.

use std::collections::BTreeMap;
use std::sync::Arc;

use auscult_model::assessment::*;
use auscult_model::{
    AspectId, CheckId, DataClass, FindingId, Force, Impact, Message, NodeId, NodeKind, Pace, RequirementId,
    RiskClass, Setting, Severity, Stage, Verdict,
};

mod told;

use self::told::{Line, MENDED, REQUIREMENTS, STATUS_QUO, Try};
use Severity::Medium;
use Verdict::{Fail, Inconclusive, Pass};

fn reason(because: &str) -> Reason {
    Reason { because: because.to_owned(), message: Message::new("edith.told").with("what", because) }
}

fn digest(of: &str) -> String {
    // A stand-in that looks like a digest, differs by its input and needs no crate: FNV-1a, four times.
    let mut hex = String::from("sha256:");
    for salt in 0..4_u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ salt;
        for byte in of.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        hex.push_str(&format!("{hash:016x}"));
    }
    hex
}

fn cite(framework: &str, clause: &str, relation: &str, verified: bool) -> Cite {
    Cite {
        framework: framework.to_owned(),
        clause: clause.to_owned(),
        relation: relation.to_owned(),
        verified,
    }
}

fn cites(requirement: &str) -> Arc<[Cite]> {
    let (etsi, iec) = match &requirement[..3] {
        "AUT" => ("5.1-1", "CR 1.5"),
        "SRV" => ("5.6-1", "CR 7.7"),
        "TLS" | "PKI" => ("5.5-1", "CR 4.3"),
        "MSG" | "MED" => ("5.5-4", "CR 2.1"),
        "VUL" => ("5.2-1", "CCSC 4"),
        _ => ("5.0-1", "CCSC 2"),
    };
    [
        cite("etsi-en-303-645", etsi, "intersects", true),
        cite("etsi-en-303-645", "5.13-1A", "intersects", true),
        cite("ts-103-701", &format!("{etsi}-1a"), "superset", true),
        cite("iec-62443-4-2", iec, "intersects", true),
        cite("cra", "Annex I.2.d", "intersects", true),
        cite("nist-csf-2-0", "PR.AA-01", "intersects", true),
        cite("bsi-grundschutz", "SYS.4.4.A1", "intersects", true),
        cite("nerc-cip", "CIP-007 R5", "intersects", false),
        cite("iso-27400", "7.1.2.3", "subset", false),
    ]
    .into()
}

/// Name, port, protocol, TLS, declared, state.
type Service = (&'static str, &'static str, &'static str, Option<bool>, bool, &'static str);

fn node(
    id: &'static str,
    name: &str,
    kind: NodeKind,
    class: RiskClass,
    product: Option<&str>,
    address: Option<&str>,
    services: &[Service],
) -> NodeSummary {
    NodeSummary {
        id: NodeId::new(id),
        name: name.to_owned(),
        kind,
        class,
        setting: if id == "practice" { Setting::IntegratedCare } else { Setting::Homecare },
        product: product.map(str::to_owned),
        address: address.map(str::to_owned),
        behind: (id == "pump").then(|| NodeId::new("hub")),
        network_kind: match id {
            "home" => Some("wifi".to_owned()),
            "mobile" => Some("5g".to_owned()),
            _ => None,
        },
        services: services
            .iter()
            .map(|(name, port, protocol, tls, declared, state)| ServiceSummary {
                name: (*name).into(),
                port: (*port).to_owned(),
                protocol: Some((*protocol).to_owned()),
                tls: *tls,
                declared: *declared,
                state: (*state).to_owned(),
            })
            .collect(),
    }
}

fn nodes() -> Vec<NodeSummary> {
    use NodeKind::{Cloud, Device, Gateway, Network, Process};
    vec![
        node(
            "cuff",
            "Blood pressure cuff",
            Device,
            RiskClass::II,
            Some("Example Medical BP-2 1.4.2"),
            Some("127.10.0.11"),
            &[("setup", "tcp/8080", "http", Some(false), true, "open")],
        ),
        node(
            "glucose",
            "Glucose sensor",
            Device,
            RiskClass::III,
            Some("Example Sensors G-7 3.1"),
            Some("127.10.0.12"),
            &[],
        ),
        node(
            "pump",
            "Infusion pump, repurposed",
            Device,
            RiskClass::III,
            Some("Old Pumps IP-200 2.0"),
            Some("127.10.0.13"),
            &[("tcp-23", "tcp/23", "telnet", Some(false), false, "open")],
        ),
        node(
            "hub",
            "Tablet hub",
            Gateway,
            RiskClass::III,
            Some("Example Medical Hub 5.2"),
            Some("127.10.0.20"),
            &[
                ("admin", "tcp/8081", "http", Some(false), true, "open"),
                ("mllp", "tcp/2575", "hl7-mllp", Some(false), true, "open"),
            ],
        ),
        node("home", "Home Wi-Fi", Network, RiskClass::III, None, None, &[]),
        node("mobile", "Mobile network", Network, RiskClass::III, None, None, &[]),
        node(
            "platform",
            "Example Health Cloud",
            Cloud,
            RiskClass::III,
            None,
            Some("127.10.1.1"),
            &[
                ("broker", "tcp/1883", "mqtt", Some(false), true, "open"),
                ("fhir", "tcp/8443", "fhir", Some(true), true, "open"),
            ],
        ),
        node(
            "practice",
            "Practice portal",
            Cloud,
            RiskClass::III,
            None,
            Some("127.10.2.1"),
            &[("portal", "tcp/9443", "http", Some(true), true, "open")],
        ),
        node("maker", "Example Medical (maker)", Process, RiskClass::III, None, None, &[]),
    ]
}

fn flow(
    from: &str,
    to: &str,
    data: &[DataClass],
    over: &[&'static str],
    protected: Option<bool>,
) -> FlowSummary {
    FlowSummary {
        from: from.to_owned(),
        to: to.to_owned(),
        data: data.to_vec(),
        over: over.iter().map(|n| NodeId::new(n)).collect(),
        protected,
    }
}

fn flows(mended: bool) -> Vec<FlowSummary> {
    use DataClass::{Identity, Telemetry, Therapy, Vitals};
    vec![
        flow("cuff", "hub", &[Vitals, Identity], &["home"], None),
        flow("glucose", "hub", &[Vitals], &[], None),
        flow("pump", "hub/mllp", &[Therapy, Vitals], &["home"], Some(mended)),
        flow("hub", "platform/broker", &[Vitals, Identity], &["home", "mobile"], Some(mended)),
        flow("hub", "platform/fhir", &[Identity, Telemetry], &["home", "mobile"], Some(true)),
        flow("practice", "platform/fhir", &[Vitals, Identity], &[], Some(true)),
        flow("platform", "practice/portal", &[Vitals], &[], Some(true)),
    ]
}

fn ruling(line: &Line) -> Ruling {
    let (requirement, node, verdict, severity, trials) = *line;
    let class = if node == "cuff" { "II" } else { "III" };
    let worst = trials.iter().find(|t| t.3 == verdict);
    let because = worst.map_or("no check covers it; a person has to decide", |t| t.4);
    let remedy = REQUIREMENTS.iter().find(|r| r.0 == requirement).map_or("", |r| r.4);
    Ruling {
        requirement: RequirementId::new(requirement),
        node: NodeId::new(node),
        applicability: Applicability {
            applies: true,
            force: Some(if matches!(requirement, "MED-05" | "SRV-03") {
                Force::Recommended
            } else {
                Force::Mandatory
            }),
            reason: reason(&format!("class {class}, homecare")),
        },
        verdict,
        severity,
        reason: reason(because),
        only_with: (requirement == "INV-03").then(|| NodeId::new("hub")),
        trials: trials.iter().map(|t| trial(t, severity)).collect(),
        cites: cites(requirement),
        remedy: remedy.into(),
        disposition: if requirement == "SRV-03" { Disposition::Waived } else { Disposition::Open },
    }
}

fn trial(tried: &Try, severity: Option<Severity>) -> Trial {
    let (check, aspect, target, verdict, because) = *tried;
    Trial {
        check: CheckId::new(check),
        aspect: AspectId::new(aspect),
        target: target.to_owned(),
        verdict,
        severity: severity.filter(|_| verdict == Fail),
        reason: reason(because),
        evidence: (verdict != Inconclusive).then(|| digest(&format!("{check}{target}"))),
        finding: (verdict == Fail).then(|| FindingId::from(format!("{check}@{target}"))),
    }
}

fn gap(
    requirement: &'static str,
    node: &'static str,
    target: Option<&str>,
    because: &str,
    next: &str,
    by_hand: bool,
) -> NotTested {
    NotTested {
        requirement: RequirementId::new(requirement),
        node: NodeId::new(node),
        aspect: None,
        target: target.map(str::to_owned),
        reason: reason(because),
        next: next.to_owned(),
        by_hand,
    }
}

fn not_tested() -> Vec<NotTested> {
    let rough = "it needs a rougher step than the scenario authorises";
    let intrusive = "auscult check edith.toml --impact intrusive";
    let again = "auscult check edith.toml --node glucose --node practice";
    let capture = "Record 24 hours of traffic at the home router and file it with: auscult record edith --requirement NET-01 --attach home.pcapng";
    vec![
        gap("MSG-01", "platform", Some("platform/broker"), rough, intrusive, false),
        gap("AUT-01", "cuff", Some("cuff/setup"), rough, intrusive, false),
        gap("AUT-01", "platform", Some("platform/broker"), rough, intrusive, false),
        gap("SRV-01", "glucose", Some("glucose"), "nothing answered at the address", again, false),
        gap(
            "TLS-02",
            "practice",
            Some("practice/portal"),
            "it accepted and then said nothing in time",
            again,
            false,
        ),
        gap(
            "TLS-03",
            "platform",
            Some("platform/fhir"),
            "it belongs to a deeper run",
            "auscult check edith.toml --depth inventory",
            false,
        ),
        gap(
            "MED-05",
            "platform",
            Some("platform/fhir"),
            "it ended the connection before it could be looked at",
            "auscult check edith.toml --node platform",
            false,
        ),
        gap("NET-01", "cuff", None, "no capture was given", capture, true),
        gap("NET-01", "glucose", None, "no capture was given", capture, true),
        gap("NET-01", "pump", None, "no capture was given", capture, true),
        gap(
            "SRV-01",
            "home",
            None,
            "the node has no address",
            "Ask the owner for the address of the router, add it to the scenario, and plan again.",
            true,
        ),
        gap(
            "DOC-01",
            "maker",
            None,
            "no check covers it; a person has to decide",
            "Ask the maker for the MDS2 form of this version and compare its list of ports with the topology.",
            true,
        ),
        gap(
            "UPD-06",
            "maker",
            None,
            "no check covers it; a person has to decide",
            "Look for the end of security support on the maker's product page and file what you find.",
            true,
        ),
    ]
}

fn not_applicable() -> Vec<NotApplicable> {
    let exempt = |requirement, node, because: &str| NotApplicable {
        requirement: RequirementId::new(requirement),
        node: NodeId::new(node),
        reason: reason(because),
    };
    let mut all = Vec::new();
    for node in ["cuff", "glucose", "pump", "practice"] {
        all.push(exempt("MSG-01", node, "the node serves no mqtt"));
        all.push(exempt("MSG-02", node, "the node serves no mqtt"));
    }
    for node in ["cuff", "glucose", "hub", "pump", "platform", "practice"] {
        all.push(exempt("DOC-01", node, "it concerns processes, and the node is none"));
    }
    all.push(exempt("GWY-02", "cuff", "no legacy device stands behind it"));
    all
}

fn sent(
    node: &'static str,
    used: Impact,
    packets: (u64, u64),
    connections: (u64, u64),
    liveness: (u64, u64),
) -> SafetySummary {
    SafetySummary {
        node: NodeId::new(node),
        allowed: Impact::Safe,
        used,
        pace: if node == "platform" { Pace::Bench } else { Pace::Ward },
        connections: connections.0,
        packets: packets.0,
        connections_announced: connections.1,
        packets_announced: packets.1,
        liveness_asked: liveness.0,
        liveness_missed: liveness.1,
        stopped: (liveness.1 > 1).then(|| reason("it stopped answering after the third connection")),
    }
}

fn assessment(stage: Stage, lines: Vec<Ruling>) -> Assessment {
    let mut rulings = lines;
    rulings.sort_by(|a, b| {
        (b.verdict, b.severity, &a.requirement, &a.node).cmp(&(
            a.verdict,
            a.severity,
            &b.requirement,
            &b.node,
        ))
    });
    let count = |v| rulings.iter().filter(|r| r.verdict == v).count() as u64;
    let not_applicable = not_applicable();
    let mended = stage == Stage::Target;
    let mut all_nodes = nodes();
    if mended {
        all_nodes[2].services.clear();
        all_nodes[6].services[0].port = "tcp/8883".to_owned();
        all_nodes[6].services[0].tls = Some(true);
    }
    Assessment {
        schema: SCHEMA.to_owned(),
        scenario: ScenarioRef {
            title: "Edith at home".to_owned(),
            stage,
            setting: Setting::Homecare,
            digest: digest(stage.word()),
            authorised_by: Some("5G test laboratory, Weiden".to_owned()),
        },
        catalog: VersionRef { version: "2026.11".to_owned(), digest: digest("catalog") },
        checks: VersionRef { version: "0.1.0".to_owned(), digest: digest("checks") },
        evidence: EvidenceRef {
            records: 41,
            head: digest(&format!("head of {stage}")),
            from: "2026-11-28T10:04:11Z".parse().ok(),
            until: "2026-11-28T10:06:02Z".parse().ok(),
        },
        verdict: Verdict::roll_up(rulings.iter().map(|r| r.verdict)),
        coverage: Coverage {
            applicable: rulings.len() as u64,
            passed: count(Pass),
            failed: count(Fail),
            inconclusive: count(Inconclusive),
            not_applicable: not_applicable.len() as u64,
            targets_selected: 12,
            targets_observed: 10,
        },
        rulings,
        not_tested: if mended {
            not_tested().into_iter().filter(|g| g.by_hand).collect()
        } else {
            not_tested()
        },
        not_applicable,
        nodes: all_nodes,
        flows: flows(mended),
        requirements: REQUIREMENTS
            .iter()
            .map(|(id, area, title, intent, _)| {
                let summary = RequirementSummary {
                    title: (*title).to_owned(),
                    area: (*area).to_owned(),
                    intent: (*intent).to_owned(),
                };
                (RequirementId::new(id), summary)
            })
            .collect(),
        frameworks: BTreeMap::from(
            [
                ("etsi-en-303-645", "ETSI EN 303 645 V3.1.3"),
                ("ts-103-701", "ETSI TS 103 701 V1.1.1"),
                ("iec-62443-4-2", "IEC 62443-4-2"),
                ("cra", "Regulation (EU) 2024/2847 (CRA)"),
                ("nist-csf-2-0", "NIST CSF 2.0"),
                ("bsi-grundschutz", "BSI IT-Grundschutz"),
                ("nerc-cip", "NERC CIP"),
                ("iso-27400", "ISO/IEC 27400"),
            ]
            .map(|(id, name)| (id.to_owned(), name.to_owned())),
        ),
        safety: vec![
            sent("cuff", Impact::Safe, (182, 240), (31, 44), (6, 0)),
            sent("glucose", Impact::Touch, (14, 240), (3, 40), (3, 3)),
            sent("pump", Impact::Safe, (166, 220), (28, 40), (6, 0)),
            sent("hub", Impact::Safe, (420, 610), (74, 108), (9, 0)),
            sent("platform", Impact::Safe, (512, 780), (88, 140), (9, 0)),
            sent("practice", Impact::Safe, (96, 260), (17, 48), (5, 1)),
        ],
    }
}

/// As it is today: the whole ladder of verdicts and severities.
pub(crate) fn status_quo() -> Assessment {
    assessment(Stage::StatusQuo, STATUS_QUO.iter().map(ruling).collect())
}

/// As it shall become: almost everything mended, one thing broken, some still open.
pub(crate) fn target() -> Assessment {
    let rulings = STATUS_QUO
        .iter()
        .map(|line| {
            let mut ruling = ruling(line);
            if let Some((_, _, because)) = MENDED.iter().find(|m| m.0 == line.0 && m.1 == line.1) {
                ruling.verdict = Pass;
                ruling.severity = None;
                ruling.reason = reason(because);
                for trial in &mut ruling.trials {
                    (trial.verdict, trial.severity, trial.finding) = (Pass, None, None);
                    trial.reason = reason(because);
                }
            }
            if (line.0, line.1) == ("AUT-05", "practice") {
                ruling.verdict = Fail;
                ruling.severity = Some(Medium);
                ruling.reason = reason("A second login form at /legacy is served in clear");
                ruling.trials[0].verdict = Fail;
                ruling.trials[0].reason = ruling.reason.clone();
            }
            if (line.0, line.1) == ("SRV-03", "platform") {
                ruling.verdict = Inconclusive;
                ruling.reason = reason("it belongs to a deeper run");
            }
            ruling
        })
        .collect();
    assessment(Stage::Target, rulings)
}

/// The largest report that has to stay handy: 120 requirements on seven nodes, and nothing holds.
pub(crate) fn large() -> Assessment {
    let model = status_quo();
    let failing: Vec<&Ruling> = model.rulings.iter().filter(|r| r.verdict == Fail).collect();
    let mut large = assessment(Stage::StatusQuo, Vec::new());
    let ids = ["cuff", "glucose", "pump", "hub", "platform", "practice", "maker"];
    for at in 0..120_usize {
        let area =
            ["INV", "AUT", "ACC", "SRV", "TLS", "PKI", "MSG", "MED", "NET", "DAT", "UPD", "VUL"][at / 10];
        let id = RequirementId::from(format!("{area}-{:02}", at % 10 + 1));
        let (_, _, title, intent, _) = REQUIREMENTS[at % REQUIREMENTS.len()];
        let summary = RequirementSummary { title: title.into(), area: area.into(), intent: intent.into() };
        large.requirements.insert(id.clone(), summary);
        for node in ids {
            let mut ruling = failing[(at * 7 + node.len()) % failing.len()].clone();
            ruling.requirement = id.clone();
            ruling.node = NodeId::new(node);
            large.rulings.push(ruling);
            large.not_tested.push(gap(
                "SRV-01",
                node,
                None,
                "no check covers it; a person has to decide",
                title,
                true,
            ));
        }
    }
    large.verdict = Fail;
    large.coverage.applicable = large.rulings.len() as u64;
    large.coverage.failed = large.rulings.len() as u64;
    large
}

/// The same world with more nodes than a picture can hold.
pub(crate) fn crowded(count: usize) -> Assessment {
    let mut crowded = status_quo();
    for at in crowded.nodes.len()..count {
        let mut node = crowded.nodes[at % 3].clone();
        node.id = NodeId::from(format!("extra-{at}"));
        node.name = format!("{} {at}", node.name);
        crowded.flows.push(flow(node.id.as_str(), "hub", &[DataClass::Vitals], &["home"], None));
        crowded.nodes.push(node);
    }
    crowded
}

/// A scenario without a node: nothing to rule on, nothing sent.
pub(crate) fn bare() -> Assessment {
    let mut bare = assessment(Stage::Target, Vec::new());
    bare.scenario.authorised_by = None;
    (bare.evidence.from, bare.evidence.until) = (None, None);
    bare.coverage = Coverage::default();
    bare.not_tested.clear();
    bare.not_applicable.clear();
    bare.nodes.clear();
    bare.flows.clear();
    bare.safety.clear();
    bare
}

/// Everything holds.
pub(crate) fn passed() -> Assessment {
    let mut passed = target();
    passed.rulings.retain(|r| r.verdict == Pass);
    passed.verdict = Pass;
    let count = passed.rulings.len() as u64;
    passed.coverage = Coverage { applicable: count, passed: count, ..passed.coverage };
    (passed.coverage.failed, passed.coverage.inconclusive) = (0, 0);
    passed.not_tested.clear();
    passed
}

/// The words that reports need, and those of the reasons here.
pub(crate) fn catalogue() -> auscult_text::Catalogue {
    auscult_text::Catalogue::english(&[auscult_report::texts(), ("edith", "told = { $what }\n")])
}
