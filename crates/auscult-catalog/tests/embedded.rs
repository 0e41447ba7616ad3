//! The embedded catalog holds what was promised: requirements, aspects, frameworks, texts.

use std::collections::BTreeSet;

use auscult_catalog::{By, Catalog};

/// How many requirements each area has; ids are numbered from 01.
const AREAS: &[(&str, usize)] = &[
    ("ACC", 4),
    ("AUT", 10),
    ("CLD", 6),
    ("DAT", 7),
    ("DOC", 7),
    ("FW", 8),
    ("GOV", 6),
    ("GWY", 5),
    ("INV", 3),
    ("LOG", 5),
    ("MED", 8),
    ("MSG", 5),
    ("NET", 7),
    ("PKI", 4),
    ("ROB", 5),
    ("SRV", 7),
    ("TLS", 7),
    ("UPD", 10),
    ("VUL", 6),
];

/// The aspects that checks decide.
const BY_CHECK: &[(&str, &[&str])] = &[
    ("ACC-01", &["declared-functions"]),
    ("ACC-02", &["declared-anonymous", "declared-references", "declared-searches"]),
    ("ACC-03", &["cookies", "declared-cookies", "declared-idle", "declared-logout"]),
    (
        "AUT-01",
        &[
            "broker-login",
            "ftp-login",
            "http-login",
            "mqtt-login",
            "snmp-community",
            "ssh-login",
            "telnet-login",
        ],
    ),
    (
        "AUT-03",
        &[
            "broker",
            "coap",
            "console",
            "declared-functions",
            "ftp",
            "http-admin",
            "industrial",
            "logins-declared",
            "mqtt",
            "ssh",
            "store",
            "telnet",
            "vnc",
        ],
    ),
    ("AUT-04", &["declared-throttled"]),
    (
        "AUT-05",
        &[
            "broker-login",
            "ftp-login",
            "http-login",
            "mqtt-login",
            "rdp-login",
            "store-login",
            "telnet-login",
            "vnc-login",
        ],
    ),
    ("AUT-09", &["declared-withdrawn"]),
    ("CLD-01", &["consoles", "stores"]),
    ("CLD-03", &["declared-data", "declared-topics"]),
    ("DAT-04", &["sensors-published"]),
    ("GWY-02", &["wrapped"]),
    ("MED-01", &["association", "query", "storage", "tls", "web-retrieval", "web-search"]),
    ("MED-02", &["clear", "sender"]),
    ("MED-03", &["malformed-objects"]),
    ("MED-04", &["bulk", "read", "search"]),
    ("MED-05", &["endpoints", "present", "s256"]),
    ("MSG-01", &["anonymous", "publish", "takeover", "wildcard"]),
    ("MSG-02", &["clear"]),
    ("MSG-03", &["clear", "core-small"]),
    ("MSG-04", &["declared-command"]),
    ("NET-02", &["brokers", "consoles", "industrial", "stores"]),
    ("NET-07", &["amplification"]),
    (
        "PKI-01",
        &["chain", "expiry-window", "name", "purpose", "revocation", "signature", "stapling", "validity"],
    ),
    ("PKI-02", &["ssh-keys-differ"]),
    ("ROB-01", &["malformed-messages"]),
    ("ROB-02", &["path-and-header"]),
    ("ROB-03", &["bounded-load", "slow-connections"]),
    ("SRV-01", &["apis-declared", "declaration-true", "undeclared-tcp", "undeclared-udp"]),
    ("SRV-02", &["cleartext-administration", "rdp-nla", "smb-1", "smb-signing", "snmp-version"]),
    ("SRV-03", &["dns-version", "http-debug", "http-version", "mqtt-system-topics", "ntp-control"]),
    ("SRV-04", &["cross-origin", "headers", "hsts", "listing", "redirect", "trace"]),
    ("SRV-05", &["announced-endpoints", "announced-ports", "mapping-closed"]),
    (
        "SRV-07",
        &[
            "ciphers",
            "host-key-differs",
            "host-key-strength",
            "key-exchange",
            "prefix-truncation",
            "root-password",
            "version",
        ],
    ),
    ("TLS-01", &["flows-protected"]),
    ("TLS-02", &["current-versions", "newest-chosen", "obsolete-versions"]),
    ("TLS-03", &["forward-secrecy", "groups", "key-size", "suites"]),
    (
        "TLS-04",
        &[
            "compression",
            "downgrade",
            "early-key-change",
            "heartbeat",
            "renegotiation",
            "rsa-padding",
            "session-id",
        ],
    ),
    (
        "TLS-05",
        &[
            "impostors-refused",
            "never-in-clear",
            "recovers",
            "revoked-refused",
            "time-not-turned-back",
            "weak-refused",
        ],
    ),
    ("TLS-06", &["client-certificate"]),
    ("UPD-02", &["downgrade-refused", "forged-refused"]),
    ("UPD-03", &["impostor-refused"]),
    ("UPD-06", &["open", "page-matches", "published"]),
    ("UPD-10", &["open", "published"]),
    ("VUL-05", &["contact", "policy", "unexpired"]),
];

/// The requirements that checks decide completely.
const MACHINE_ALONE: &[&str] = &[
    "GWY-02", "MED-01", "MED-02", "MED-04", "MSG-01", "MSG-02", "PKI-01", "SRV-04", "TLS-01", "TLS-02",
    "TLS-03", "TLS-04", "TLS-06",
];

/// What a gateway can do in the stead of legacy equipment.
const WRAPPABLE: &[&str] = &[
    "AUT-05", "AUT-08", "MED-01", "MED-02", "MSG-02", "NET-02", "SRV-02", "TLS-01", "TLS-02", "TLS-03",
    "TLS-04", "TLS-06",
];

/// The frameworks that the catalog must know.
const MISSION: &[&str] = &[
    "iso-iec-27001",
    "iso-iec-27400",
    "iso-iec-27402",
    "3gpp-ts-33-501",
    "bsi-it-grundschutz",
    "bsi-tr-03161",
    "bsi-c5",
    "bsi-cs-132",
    "cobit-2019",
    "nist-csf",
    "nist-sp-800-213a",
    "nerc-cip",
    "iso-iec-15408",
    "csa-iot-controls-matrix",
    "etsi-en-303-645",
    "etsi-ts-103-701",
    "iasme-iot",
    "iec-62443-4-2",
    "iec-62443-4-1",
    "iec-80001-1",
    "iec-81001-5-1",
    "iec-tr-60601-4-5",
    "eu-mdr",
    "mdcg-2019-16",
    "fda-premarket",
    "eu-cra",
    "owasp-isvs",
    "nema-mds2",
];

/// The frameworks without clauses to cite.
const WITHOUT_CLAUSES: &[&str] = &["bsi-cs-132"];

#[test]
fn the_120_requirements_are_there() {
    let promised: BTreeSet<String> =
        AREAS.iter().flat_map(|(area, count)| (1..=*count).map(move |n| format!("{area}-{n:02}"))).collect();
    assert_eq!(promised.len(), 120);
    let found: BTreeSet<String> =
        Catalog::embedded().requirements.keys().map(|id| id.as_str().to_owned()).collect();
    assert_eq!(found, promised);
}

#[test]
fn checks_decide_what_was_agreed_and_nothing_else() {
    for (id, requirement) in &Catalog::embedded().requirements {
        let by_check: BTreeSet<&str> = requirement
            .aspects
            .iter()
            .filter(|aspect| aspect.by == By::Check)
            .map(|aspect| aspect.id.as_str())
            .collect();
        let agreed: BTreeSet<&str> = BY_CHECK
            .iter()
            .filter(|(requirement, _)| *requirement == id.as_str())
            .flat_map(|(_, aspects)| aspects.iter().copied())
            .collect();
        assert_eq!(by_check, agreed, "{id}");
        let alone = requirement.aspects.iter().all(|aspect| aspect.by == By::Check);
        assert_eq!(alone, MACHINE_ALONE.contains(&id.as_str()), "{id}");
    }
}

#[test]
fn the_mission_frameworks_are_described_and_cited() {
    let catalog = Catalog::embedded();
    let cited: BTreeSet<&str> = catalog
        .requirements
        .values()
        .flat_map(|requirement| &requirement.cites)
        .map(|clause| clause.framework.as_str())
        .collect();
    for id in MISSION {
        assert!(catalog.frameworks.contains_key(*id), "no file for {id}");
        assert_eq!(cited.contains(id), !WITHOUT_CLAUSES.contains(id), "{id}");
    }
    let described: BTreeSet<&str> = catalog.frameworks.keys().map(String::as_str).collect();
    let uncited: Vec<_> = described.difference(&cited).copied().collect();
    assert_eq!(uncited, WITHOUT_CLAUSES, "a framework file that nothing cites");
}

#[test]
fn references_from_memory_are_marked() {
    let catalog = Catalog::embedded();
    for (id, requirement) in &catalog.requirements {
        for clause in &requirement.cites {
            if matches!(clause.framework.as_str(), "nerc-cip" | "cobit-2019" | "iso-iec-15408" | "iasme-iot")
            {
                assert!(!clause.verified, "{id} cites {} {}", clause.framework, clause.clause);
            }
            let split = clause.clause.contains([';', '\n']);
            assert!(!split, "{id} cites two clauses in one: {}", clause.clause);
        }
        let seen: BTreeSet<_> = requirement.cites.iter().map(|c| (&c.framework, &c.clause)).collect();
        assert_eq!(seen.len(), requirement.cites.len(), "{id} cites a clause twice");
    }
}

#[test]
fn every_text_says_something() {
    let catalog = Catalog::embedded();
    for (id, requirement) in &catalog.requirements {
        assert!(requirement.intent.chars().count() >= 40, "{id}: intent");
        assert!(requirement.remedy.chars().count() >= 40, "{id}: remedy");
        for aspect in &requirement.aspects {
            assert!(!aspect.title.is_empty(), "{id}/{}", aspect.id);
            if aspect.by == By::Hand {
                let step = aspect.step.as_deref().unwrap_or_default();
                assert!(step.chars().count() >= 80, "{id}/{}: step", aspect.id);
                assert!(step.contains("Keep"), "{id}/{}: nothing is kept", aspect.id);
                assert!(step.contains("passes when"), "{id}/{}", aspect.id);
            }
        }
    }
    for (id, framework) in &catalog.frameworks {
        for text in [&framework.name, &framework.publisher, &framework.edition, &framework.about] {
            assert!(!text.is_empty(), "{id}");
        }
    }
    assert!(!catalog.version.is_empty());
}

#[test]
fn a_gateway_stands_in_only_where_it_can() {
    let catalog = Catalog::embedded();
    let found: Vec<&str> =
        catalog.requirements.values().filter(|r| r.gateway_may_wrap).map(|r| r.id.as_str()).collect();
    assert_eq!(found, WRAPPABLE);
}

#[test]
fn the_56_perimeter_tests_are_there() {
    let catalog = Catalog::embedded();
    let count = |level| catalog.perimeter.iter().filter(|test| test.level == level).count();
    assert_eq!([count("Z"), count("I"), count("A"), count("G")], [35, 6, 8, 7]);
    assert_eq!(catalog.perimeter.iter().filter(|test| test.kind == "functional").count(), 46);
}

#[test]
fn canonical_json_reads_back_to_the_same_catalog() {
    let catalog = Catalog::embedded();
    let json = catalog.canonical_json();
    let back: Catalog = serde_json::from_str(&json).unwrap();
    assert_eq!(back, catalog);
    assert_eq!(back.canonical_json(), json);
    let digest = catalog.digest();
    assert_eq!(digest.len(), "sha256:".len() + 64);
    assert_eq!(back.digest(), digest);
}
