//! Edith's world as an assessment, at home today and as it shall become: every person and product is invented.

use std::collections::BTreeMap;
use std::sync::Arc;

use auscult_model::assessment::*;
use auscult_model::{
    AspectId, CheckId, DataClass, FindingId, Force, Impact, Message, NodeId, NodeKind, Pace, RequirementId,
    RiskClass, Setting, Severity, Stage, Verdict,
};

use Severity::{Critical, High, Low, Medium};
use Verdict::{Fail, Inconclusive, Pass};

/// One ruling in a line: requirement, node, verdict, severity, trials.
type Line = (&'static str, &'static str, Verdict, Option<Severity>, &'static [Try]);
/// One trial: check, aspect, target, verdict, because.
type Try = (&'static str, &'static str, &'static str, Verdict, &'static str);

const REQUIREMENTS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "AUT-01",
        "AUT",
        "No universal or empty credentials",
        "Vendor default lists and blank or skipped passwords are refused on every login path, from first use on.",
        "Give every unit a password of its own, printed on its label, and refuse to start a session until the owner has changed it. Remove the built-in service account from release images.",
    ),
    (
        "AUT-03",
        "AUT",
        "Every management path asks for authentication",
        "Web, API, SSH, service and remote-support paths give no function and accept no security-relevant change before login.",
        "Put a login in front of every page and every call that changes the product. Serve nothing but the login page to a stranger.",
    ),
    (
        "AUT-05",
        "AUT",
        "Credentials never cross a network readable",
        "No password, community string, token or API key is visible in captures or accepted over a cleartext service.",
        "Serve the login only over TLS 1.2 or newer, answer clear-text requests with a redirect and mark every session cookie Secure.",
    ),
    (
        "DOC-01",
        "DOC",
        "MDS2 and port list are complete and true",
        "The disclosure form parses, every answer is present and none is contradicted by measurement.",
        "Publish the MDS2 form of this software version with its list of ports.",
    ),
    (
        "GWY-02",
        "GWY",
        "Legacy protocols are wrapped",
        "Unprotected device protocols end at the gateway; beyond it everything is in mutual TLS.",
        "Let the gateway end the HL7 connection and carry the messages on in mutual TLS.",
    ),
    (
        "INV-03",
        "INV",
        "Repurposed or legacy equipment is recognised and contained",
        "Equipment never designed for networking, or with an unsupported platform, is flagged and only admitted behind a gateway with written compensating measures.",
        "Describe the compensating measures and name the gateway that enforces them.",
    ),
    (
        "MED-02",
        "MED",
        "HL7 v2 is not carried in clear",
        "MLLP crosses no routed segment without TLS and peer authentication; patient segments in clear are findings.",
        "Carry MLLP in TLS with a certificate on both sides, or place the sender on a cable of its own to a gateway that does.",
    ),
    (
        "MED-04",
        "MED",
        "FHIR needs a token",
        "Unauthenticated reads and searches of clinical resources fail; only capability and discovery documents are open.",
        "Ask for an access token on every route except metadata and the SMART configuration. Answer 401 before the resource is looked up.",
    ),
    (
        "MED-05",
        "MED",
        "SMART configuration is present and safe",
        "The well-known document lists S256, not plain; redirect, state, scope and token lifetime behave.",
        "Offer only S256 as code challenge method.",
    ),
    (
        "MSG-01",
        "MSG",
        "MQTT gives each client its own topics",
        "Anonymous connect, wildcard subscribe, foreign publish and client-id takeover are refused.",
        "Let each client in by a certificate of its own, and derive the topics it may read and write from that certificate. Refuse `#` and `+` outside its own tree.",
    ),
    (
        "MSG-02",
        "MSG",
        "Brokers speak only over protected channels",
        "1883 or unprotected WebSocket is closed or filtered; credentials and payload never appear in clear.",
        "Close port 1883 on every interface and offer 8883 with TLS 1.3.",
    ),
    (
        "NET-01",
        "NET",
        "Traffic equals the declaration",
        "Peers, ports, protocols and names seen in at least 24 h of capture are declared.",
        "Publish a MUD file that lists every peer of the product.",
    ),
    (
        "PKI-01",
        "PKI",
        "Certificates are valid now and watched",
        "Chain, name, purpose and lifetime are right; expiry inside the warning window opens a corrective action.",
        "Renew the certificate from an authority that your clients know, and let a job renew it 30 days before it ends.",
    ),
    (
        "SRV-01",
        "SRV",
        "Only declared services listen",
        "Full TCP, common UDP and IPv6 scans equal the declared list; each open port has a reason.",
        "Remove the telnet daemon from the image, or declare the service with its purpose and protect it.",
    ),
    (
        "SRV-02",
        "SRV",
        "No cleartext or obsolete administration",
        "Telnet, FTP, TFTP, rsh, SNMPv1/2c, SMBv1, plain VNC or RDP without NLA are absent.",
        "Remove telnet. Offer SSH with keys where a service engineer needs a shell.",
    ),
    (
        "SRV-03",
        "SRV",
        "Strangers learn little",
        "Unauthenticated banners, error pages and endpoints give no version, path, account or patient detail beyond what is justified.",
        "Leave version numbers out of headers and banners.",
    ),
    (
        "SRV-04",
        "SRV",
        "Embedded and portal web servers are hardened",
        "HTTPS redirect, HSTS, security headers, no listings, no sample pages, no TRACE, no open proxy.",
        "Redirect to TLS, send Strict-Transport-Security and a Content-Security-Policy, and switch TRACE and listings off.",
    ),
    (
        "TLS-01",
        "TLS",
        "Every flow that leaves the device is protected",
        "All declared non-local flows run in TLS, DTLS, SSH or IPsec; exceptions are listed and carry nothing sensitive.",
        "Open the connection with TLS and check the certificate of the far end.",
    ),
    (
        "TLS-02",
        "TLS",
        "Old protocol versions are refused and the newest is preferred",
        "SSL to TLS 1.1 and DTLS 1.0 fail; 1.2 works; 1.3 is chosen when offered (mandatory for class III and IV servers).",
        "Switch SSL 3 to TLS 1.1 off in the server, and prefer TLS 1.3.",
    ),
    (
        "TLS-03",
        "TLS",
        "Only strong suites, groups and key sizes",
        "AEAD with forward secrecy; DHE at least 2048, ECDHE at least 256 bit, RSA keys at least 3000 bit for class III and IV.",
        "Offer only AEAD suites with ephemeral keys.",
    ),
    (
        "UPD-06",
        "UPD",
        "The end of support is published",
        "A dated end of security support is found at the declared place in machine-readable form and matches the scenario.",
        "Publish the date on the product page and in the CSAF provider metadata.",
    ),
    (
        "VUL-05",
        "VUL",
        "A stranger can report a flaw",
        "Policy and contact are online (security.txt valid and unexpired), in the right language, with promised reaction times.",
        "Serve /.well-known/security.txt with a contact and a date of expiry.",
    ),
];

const STATUS_QUO: &[Line] = &[
    (
        "MSG-01",
        "platform",
        Fail,
        Some(Critical),
        &[
            (
                "mqtt-anonymous-access",
                "anonymous",
                "platform/broker",
                Fail,
                "The broker let in a client that had not said who it is",
            ),
            (
                "mqtt-wildcard-subscribe",
                "wildcard",
                "platform/broker",
                Fail,
                "It granted a subscription to every topic and delivered 14 messages of 3 clients",
            ),
            (
                "mqtt-foreign-publish",
                "publish",
                "platform/broker",
                Inconclusive,
                "it needs a rougher step than the scenario authorises",
            ),
        ],
    ),
    (
        "MED-04",
        "platform",
        Fail,
        Some(Critical),
        &[
            ("fhir-open-read", "read", "platform/fhir", Fail, "Patient/1 was given out without a token"),
            (
                "fhir-open-search",
                "search",
                "platform/fhir",
                Fail,
                "A search for Observation was answered with 212 entries and no token",
            ),
            ("fhir-open-bulk", "bulk", "platform/fhir", Pass, "$export was refused with 401"),
        ],
    ),
    (
        "AUT-03",
        "hub",
        Fail,
        Some(Critical),
        &[(
            "http-admin-open",
            "http-admin",
            "hub/admin",
            Fail,
            "The page /network gave the form for the Wi-Fi key without a login",
        )],
    ),
    (
        "AUT-03",
        "platform",
        Fail,
        Some(Critical),
        &[(
            "mqtt-anonymous-access",
            "mqtt",
            "platform/broker",
            Fail,
            "The broker let in a client that had not said who it is",
        )],
    ),
    (
        "AUT-01",
        "hub",
        Fail,
        Some(Critical),
        &[(
            "http-default-credentials",
            "http-login",
            "hub/admin",
            Fail,
            "The login accepted admin with the password of the printed manual",
        )],
    ),
    (
        "MED-02",
        "pump",
        Fail,
        Some(High),
        &[
            (
                "hl7-in-clear",
                "clear",
                "hub/mllp",
                Fail,
                "HL7 v2 was acknowledged in clear on tcp/2575, and the flow crosses Home Wi-Fi",
            ),
            (
                "hl7-sender-unchecked",
                "sender",
                "hub/mllp",
                Fail,
                "A message from an unknown sending application was acknowledged with AA",
            ),
        ],
    ),
    (
        "MED-02",
        "hub",
        Fail,
        Some(High),
        &[(
            "hl7-in-clear",
            "clear",
            "hub/mllp",
            Fail,
            "HL7 v2 was acknowledged in clear on tcp/2575, and the flow crosses Home Wi-Fi",
        )],
    ),
    (
        "MSG-02",
        "platform",
        Fail,
        Some(High),
        &[("mqtt-in-clear", "clear", "platform/broker", Fail, "MQTT 3.1.1 was spoken in clear on tcp/1883")],
    ),
    (
        "TLS-01",
        "pump",
        Fail,
        Some(High),
        &[("flow-in-clear", "flows-protected", "hub/mllp", Fail, "Therapy data goes to hub/mllp in clear")],
    ),
    (
        "TLS-01",
        "hub",
        Fail,
        Some(High),
        &[(
            "flow-in-clear",
            "flows-protected",
            "platform/broker",
            Fail,
            "Vital signs and identity go to platform/broker in clear",
        )],
    ),
    (
        "TLS-02",
        "platform",
        Fail,
        Some(High),
        &[
            (
                "tls-obsolete-version",
                "obsolete-versions",
                "platform/fhir",
                Fail,
                "TLS 1.0 and TLS 1.1 are accepted",
            ),
            (
                "tls-current-version-missing",
                "current-versions",
                "platform/fhir",
                Pass,
                "TLS 1.2 and TLS 1.3 are accepted",
            ),
            (
                "tls-newest-not-chosen",
                "newest-chosen",
                "platform/fhir",
                Pass,
                "TLS 1.3 is chosen when all are offered",
            ),
        ],
    ),
    (
        "SRV-01",
        "pump",
        Fail,
        Some(High),
        &[("service-undeclared", "undeclared-tcp", "pump", Fail, "tcp/23 answers and is not declared")],
    ),
    (
        "SRV-02",
        "pump",
        Fail,
        Some(High),
        &[(
            "service-cleartext-administration",
            "cleartext-administration",
            "pump/tcp-23",
            Fail,
            "Telnet answers on tcp/23 with the prompt `IP-200 login:`",
        )],
    ),
    (
        "AUT-05",
        "hub",
        Fail,
        Some(High),
        &[(
            "http-login-in-clear",
            "http-login",
            "hub/admin",
            Fail,
            "The login form is served and sent in clear",
        )],
    ),
    (
        "PKI-01",
        "platform",
        Fail,
        Some(Medium),
        &[
            (
                "certificate-name-mismatch",
                "name",
                "platform/fhir",
                Fail,
                "The certificate is for api.staging.example-health.invalid",
            ),
            (
                "certificate-expired",
                "validity",
                "platform/fhir",
                Pass,
                "The certificate is valid until 2027-02-01",
            ),
            (
                "certificate-untrusted",
                "chain",
                "platform/fhir",
                Inconclusive,
                "the scenario names no authorities to trust",
            ),
        ],
    ),
    (
        "SRV-04",
        "hub",
        Fail,
        Some(Medium),
        &[
            ("http-no-redirect-to-tls", "redirect", "hub/admin", Fail, "GET / is answered in clear with 200"),
            ("http-trace", "trace", "hub/admin", Fail, "TRACE echoes the request"),
        ],
    ),
    (
        "SRV-04",
        "practice",
        Fail,
        Some(Low),
        &[
            (
                "http-no-security-headers",
                "headers",
                "practice/portal",
                Fail,
                "Content-Security-Policy and X-Content-Type-Options are missing",
            ),
            (
                "http-no-hsts",
                "hsts",
                "practice/portal",
                Pass,
                "Strict-Transport-Security is sent with max-age 31536000",
            ),
        ],
    ),
    (
        "SRV-03",
        "hub",
        Fail,
        Some(Low),
        &[(
            "http-version-told",
            "http-version",
            "hub/admin",
            Fail,
            "The Server header tells `lighttpd/1.4.35`",
        )],
    ),
    (
        "VUL-05",
        "maker",
        Fail,
        Some(Low),
        &[(
            "security-txt-missing",
            "contact",
            "hub/admin",
            Fail,
            "/.well-known/security.txt is answered with 404",
        )],
    ),
    (
        "TLS-03",
        "platform",
        Inconclusive,
        None,
        &[
            ("tls-broken-suite", "suites", "platform/fhir", Pass, "Only AEAD suites are accepted"),
            ("tls-weak-key", "key-size", "platform/fhir", Inconclusive, "it belongs to a deeper run"),
        ],
    ),
    (
        "AUT-01",
        "cuff",
        Inconclusive,
        None,
        &[(
            "http-default-credentials",
            "http-login",
            "cuff/setup",
            Inconclusive,
            "it needs a rougher step than the scenario authorises",
        )],
    ),
    (
        "AUT-01",
        "platform",
        Inconclusive,
        None,
        &[(
            "mqtt-default-credentials",
            "mqtt-login",
            "platform/broker",
            Inconclusive,
            "it needs a rougher step than the scenario authorises",
        )],
    ),
    (
        "SRV-01",
        "glucose",
        Inconclusive,
        None,
        &[(
            "service-undeclared",
            "undeclared-tcp",
            "glucose",
            Inconclusive,
            "nothing answered at the address",
        )],
    ),
    ("SRV-01", "home", Inconclusive, None, &[]),
    (
        "TLS-02",
        "practice",
        Inconclusive,
        None,
        &[(
            "tls-obsolete-version",
            "obsolete-versions",
            "practice/portal",
            Inconclusive,
            "it accepted and then said nothing in time",
        )],
    ),
    ("NET-01", "cuff", Inconclusive, None, &[]),
    ("NET-01", "glucose", Inconclusive, None, &[]),
    ("NET-01", "pump", Inconclusive, None, &[]),
    ("DOC-01", "maker", Inconclusive, None, &[]),
    ("UPD-06", "maker", Inconclusive, None, &[]),
    (
        "MED-05",
        "platform",
        Inconclusive,
        None,
        &[(
            "smart-configuration-missing",
            "present",
            "platform/fhir",
            Inconclusive,
            "it ended the connection before it could be looked at",
        )],
    ),
    (
        "INV-03",
        "pump",
        Pass,
        None,
        &[(
            "gateway-unwrapped",
            "contained",
            "platform/broker",
            Pass,
            "The scenario flags it as legacy and places it behind Tablet hub",
        )],
    ),
    (
        "SRV-01",
        "cuff",
        Pass,
        None,
        &[(
            "service-undeclared",
            "undeclared-tcp",
            "cuff",
            Pass,
            "All 65535 TCP ports were asked; only the declared one answered",
        )],
    ),
    (
        "SRV-02",
        "cuff",
        Pass,
        None,
        &[(
            "service-cleartext-administration",
            "cleartext-administration",
            "cuff/setup",
            Pass,
            "None of the known clear-text protocols answers",
        )],
    ),
    (
        "SRV-02",
        "hub",
        Pass,
        None,
        &[(
            "service-cleartext-administration",
            "cleartext-administration",
            "hub",
            Pass,
            "None of the known clear-text protocols answers",
        )],
    ),
    (
        "SRV-03",
        "cuff",
        Pass,
        None,
        &[("http-version-told", "http-version", "cuff/setup", Pass, "Headers and pages tell no version")],
    ),
    (
        "TLS-01",
        "platform",
        Pass,
        None,
        &[("flow-in-clear", "flows-protected", "practice/portal", Pass, "practice/portal speaks TLS 1.3")],
    ),
    (
        "PKI-01",
        "practice",
        Pass,
        None,
        &[(
            "certificate-expired",
            "validity",
            "practice/portal",
            Pass,
            "The certificate is valid until 2027-05-30",
        )],
    ),
    (
        "AUT-03",
        "cuff",
        Pass,
        None,
        &[("http-admin-open", "http-admin", "cuff/setup", Pass, "Every page asked for a login")],
    ),
    (
        "AUT-05",
        "practice",
        Pass,
        None,
        &[(
            "http-login-in-clear",
            "http-login",
            "practice/portal",
            Pass,
            "The login is served over TLS only",
        )],
    ),
    (
        "GWY-02",
        "hub",
        Pass,
        None,
        &[(
            "gateway-unwrapped",
            "wrapped",
            "platform/fhir",
            Pass,
            "What the hub carries on for the pump ends in TLS 1.3",
        )],
    ),
    (
        "SRV-03",
        "platform",
        Pass,
        None,
        &[
            ("http-version-told", "http-version", "platform/fhir", Pass, "Headers and pages tell no version"),
            ("mqtt-system-topics", "mqtt-system-topics", "platform/broker", Pass, "$SYS is not delivered"),
        ],
    ),
];

/// What is mended on the way to the target: requirement, node and the new reason.
const MENDED: &[(&str, &str, &str)] = &[
    ("MSG-01", "platform", "Anonymous clients, wildcards and foreign topics are refused"),
    ("MED-04", "platform", "Every read and search without a token is refused with 401"),
    ("AUT-03", "hub", "Every page asked for a login"),
    ("AUT-03", "platform", "The broker asked for a certificate"),
    ("AUT-01", "hub", "None of 12 known credentials was accepted"),
    ("MED-02", "pump", "The flow stays on a cable to the gateway that wraps it"),
    ("MED-02", "hub", "The flow stays on a cable, and unknown senders are refused"),
    ("MSG-02", "platform", "tcp/1883 is closed; MQTT is spoken in TLS 1.3"),
    ("TLS-01", "pump", "Beyond the gateway the messages go in mutual TLS"),
    ("TLS-01", "hub", "platform/broker speaks TLS 1.3"),
    ("TLS-02", "platform", "Only TLS 1.2 and TLS 1.3 are accepted"),
    ("SRV-01", "pump", "All 65535 TCP ports were asked; none answered"),
    ("SRV-02", "pump", "None of the known clear-text protocols answers"),
    ("AUT-05", "hub", "The login is served over TLS only"),
    ("PKI-01", "platform", "Name, chain, purpose and dates are right"),
    ("SRV-04", "hub", "Redirect, HSTS and headers are there; TRACE is refused"),
    ("VUL-05", "maker", "security.txt is valid until 2027-06-01"),
    ("AUT-01", "cuff", "None of 12 known credentials was accepted"),
    ("AUT-01", "platform", "None of 12 known credentials was accepted"),
    ("SRV-01", "glucose", "All 65535 TCP ports were asked; none answered"),
    ("TLS-02", "practice", "Only TLS 1.2 and TLS 1.3 are accepted"),
    ("TLS-03", "platform", "AEAD suites with X25519MLKEM768"),
    ("MED-05", "platform", "S256 is the only code challenge method"),
];

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

fn node(
    id: &'static str,
    name: &str,
    kind: NodeKind,
    class: RiskClass,
    product: Option<&str>,
    address: Option<&str>,
    services: &[(&str, &str, &str, Option<bool>, bool, &str)],
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
            force: Some(if requirement == "MED-05" { Force::Recommended } else { Force::Mandatory }),
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
pub fn status_quo() -> Assessment {
    assessment(Stage::StatusQuo, STATUS_QUO.iter().map(ruling).collect())
}

/// As it shall become: almost everything mended, one thing broken, some still open.
pub fn target() -> Assessment {
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
pub fn large() -> Assessment {
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
pub fn crowded(count: usize) -> Assessment {
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

/// The words that reports need, and those of the reasons here.
pub fn catalogue() -> auscult_text::Catalogue {
    auscult_text::Catalogue::english(&[auscult_report::texts(), ("edith", "told = { $what }\n")])
}
