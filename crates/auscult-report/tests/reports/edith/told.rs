//! What the checks would have said in Edith's world, one ruling after the other.

use auscult_model::{Severity, Verdict};

use Severity::{Critical, High, Low, Medium};
use Verdict::{Fail, Inconclusive, Pass};

/// One ruling in a line: requirement, node, verdict, severity, trials.
pub(super) type Line = (&'static str, &'static str, Verdict, Option<Severity>, &'static [Try]);
/// One trial: check, aspect, target, verdict, because.
pub(super) type Try = (&'static str, &'static str, &'static str, Verdict, &'static str);

/// Id, area, title, intent and remedy.
#[rustfmt::skip]
pub(super) const REQUIREMENTS: &[(&str, &str, &str, &str, &str)] = &[
    ("AUT-01", "AUT", "No universal or empty credentials", "Vendor default lists and blank or skipped passwords are refused on every login path, from first use on.", "Give every unit a password of its own, printed on its label, and refuse to start a session until the owner has changed it. Remove the built-in service account from release images."),
    ("AUT-03", "AUT", "Every management path asks for authentication", "Web, API, SSH, service and remote-support paths give no function and accept no security-relevant change before login.", "Put a login in front of every page and every call that changes the product. Serve nothing but the login page to a stranger."),
    ("AUT-05", "AUT", "Credentials never cross a network readable", "No password, community string, token or API key is visible in captures or accepted over a cleartext service.", "Serve the login only over TLS 1.2 or newer, answer clear-text requests with a redirect and mark every session cookie Secure."),
    ("DOC-01", "DOC", "MDS2 and port list are complete and true", "The disclosure form parses, every answer is present and none is contradicted by measurement.", "Publish the MDS2 form of this software version with its list of ports."),
    ("GWY-02", "GWY", "Legacy protocols are wrapped", "Unprotected device protocols end at the gateway; beyond it everything is in mutual TLS.", "Let the gateway end the HL7 connection and carry the messages on in mutual TLS."),
    ("INV-03", "INV", "Repurposed or legacy equipment is recognised and contained", "Equipment never designed for networking, or with an unsupported platform, is flagged and only admitted behind a gateway with written compensating measures.", "Describe the compensating measures and name the gateway that enforces them."),
    ("MED-02", "MED", "HL7 v2 is not carried in clear", "MLLP crosses no routed segment without TLS and peer authentication; patient segments in clear are findings.", "Carry MLLP in TLS with a certificate on both sides, or place the sender on a cable of its own to a gateway that does."),
    ("MED-04", "MED", "FHIR needs a token", "Unauthenticated reads and searches of clinical resources fail; only capability and discovery documents are open.", "Ask for an access token on every route except metadata and the SMART configuration. Answer 401 before the resource is looked up."),
    ("MED-05", "MED", "SMART configuration is present and safe", "The well-known document lists S256, not plain; redirect, state, scope and token lifetime behave.", "Offer only S256 as code challenge method."),
    ("MSG-01", "MSG", "MQTT gives each client its own topics", "Anonymous connect, wildcard subscribe, foreign publish and client-id takeover are refused.", "Let each client in by a certificate of its own, and derive the topics it may read and write from that certificate. Refuse `#` and `+` outside its own tree."),
    ("MSG-02", "MSG", "Brokers speak only over protected channels", "1883 or unprotected WebSocket is closed or filtered; credentials and payload never appear in clear.", "Close port 1883 on every interface and offer 8883 with TLS 1.3."),
    ("NET-01", "NET", "Traffic equals the declaration", "Peers, ports, protocols and names seen in at least 24 h of capture are declared.", "Publish a MUD file that lists every peer of the product."),
    ("PKI-01", "PKI", "Certificates are valid now and watched", "Chain, name, purpose and lifetime are right; expiry inside the warning window opens a corrective action.", "Renew the certificate from an authority that your clients know, and let a job renew it 30 days before it ends."),
    ("SRV-01", "SRV", "Only declared services listen", "Full TCP, common UDP and IPv6 scans equal the declared list; each open port has a reason.", "Remove the telnet daemon from the image, or declare the service with its purpose and protect it."),
    ("SRV-02", "SRV", "No cleartext or obsolete administration", "Telnet, FTP, TFTP, rsh, SNMPv1/2c, SMBv1, plain VNC or RDP without NLA are absent.", "Remove telnet. Offer SSH with keys where a service engineer needs a shell."),
    ("SRV-03", "SRV", "Strangers learn little", "Unauthenticated banners, error pages and endpoints give no version, path, account or patient detail beyond what is justified.", "Leave version numbers out of headers and banners."),
    ("SRV-04", "SRV", "Embedded and portal web servers are hardened", "HTTPS redirect, HSTS, security headers, no listings, no sample pages, no TRACE, no open proxy.", "Redirect to TLS, send Strict-Transport-Security and a Content-Security-Policy, and switch TRACE and listings off."),
    ("TLS-01", "TLS", "Every flow that leaves the device is protected", "All declared non-local flows run in TLS, DTLS, SSH or IPsec; exceptions are listed and carry nothing sensitive.", "Open the connection with TLS and check the certificate of the far end."),
    ("TLS-02", "TLS", "Old protocol versions are refused and the newest is preferred", "SSL to TLS 1.1 and DTLS 1.0 fail; 1.2 works; 1.3 is chosen when offered (mandatory for class III and IV servers).", "Switch SSL 3 to TLS 1.1 off in the server, and prefer TLS 1.3."),
    ("TLS-03", "TLS", "Only strong suites, groups and key sizes", "AEAD with forward secrecy; DHE at least 2048, ECDHE at least 256 bit, RSA keys at least 3000 bit for class III and IV.", "Offer only AEAD suites with ephemeral keys."),
    ("UPD-06", "UPD", "The end of support is published", "A dated end of security support is found at the declared place in machine-readable form and matches the scenario.", "Publish the date on the product page and in the CSAF provider metadata."),
    ("VUL-05", "VUL", "A stranger can report a flaw", "Policy and contact are online (security.txt valid and unexpired), in the right language, with promised reaction times.", "Serve /.well-known/security.txt with a contact and a date of expiry."),
];

/// As it is today.
#[rustfmt::skip]
pub(super) const STATUS_QUO: &[Line] = &[
    ("MSG-01", "platform", Fail, Some(Critical), &[
        ("mqtt-anonymous-access", "anonymous", "platform/broker", Fail, "The broker let in a client that had not said who it is"),
        ("mqtt-wildcard-subscribe", "wildcard", "platform/broker", Fail, "It granted a subscription to every topic and delivered 14 messages of 3 clients"),
        ("mqtt-foreign-publish", "publish", "platform/broker", Inconclusive, "it needs a rougher step than the scenario authorises"),
    ]),
    ("MED-04", "platform", Fail, Some(Critical), &[
        ("fhir-open-read", "read", "platform/fhir", Fail, "Patient/1 was given out without a token"),
        ("fhir-open-search", "search", "platform/fhir", Fail, "A search for Observation was answered with 212 entries and no token"),
        ("fhir-open-bulk", "bulk", "platform/fhir", Pass, "$export was refused with 401"),
    ]),
    ("AUT-03", "hub", Fail, Some(Critical), &[
        ("http-admin-open", "http-admin", "hub/admin", Fail, "The page /network gave the form for the Wi-Fi key without a login"),
    ]),
    ("AUT-03", "platform", Fail, Some(Critical), &[
        ("mqtt-anonymous-access", "mqtt", "platform/broker", Fail, "The broker let in a client that had not said who it is"),
    ]),
    ("AUT-01", "hub", Fail, Some(Critical), &[
        ("http-default-credentials", "http-login", "hub/admin", Fail, "The login accepted admin with the password of the printed manual"),
    ]),
    ("MED-02", "pump", Fail, Some(High), &[
        ("hl7-in-clear", "clear", "hub/mllp", Fail, "HL7 v2 was acknowledged in clear on tcp/2575, and the flow crosses Home Wi-Fi"),
        ("hl7-sender-unchecked", "sender", "hub/mllp", Fail, "A message from an unknown sending application was acknowledged with AA"),
    ]),
    ("MED-02", "hub", Fail, Some(High), &[
        ("hl7-in-clear", "clear", "hub/mllp", Fail, "HL7 v2 was acknowledged in clear on tcp/2575, and the flow crosses Home Wi-Fi"),
    ]),
    ("MSG-02", "platform", Fail, Some(High), &[
        ("mqtt-in-clear", "clear", "platform/broker", Fail, "MQTT 3.1.1 was spoken in clear on tcp/1883"),
    ]),
    ("TLS-01", "pump", Fail, Some(High), &[
        ("flow-in-clear", "flows-protected", "hub/mllp", Fail, "Therapy data goes to hub/mllp in clear"),
    ]),
    ("TLS-01", "hub", Fail, Some(High), &[
        ("flow-in-clear", "flows-protected", "platform/broker", Fail, "Vital signs and identity go to platform/broker in clear"),
    ]),
    ("TLS-02", "platform", Fail, Some(High), &[
        ("tls-obsolete-version", "obsolete-versions", "platform/fhir", Fail, "TLS 1.0 and TLS 1.1 are accepted"),
        ("tls-current-version-missing", "current-versions", "platform/fhir", Pass, "TLS 1.2 and TLS 1.3 are accepted"),
        ("tls-newest-not-chosen", "newest-chosen", "platform/fhir", Pass, "TLS 1.3 is chosen when all are offered"),
    ]),
    ("SRV-01", "pump", Fail, Some(High), &[
        ("service-undeclared", "undeclared-tcp", "pump", Fail, "tcp/23 answers and is not declared"),
    ]),
    ("SRV-02", "pump", Fail, Some(High), &[
        ("service-cleartext-administration", "cleartext-administration", "pump/tcp-23", Fail, "Telnet answers on tcp/23 with the prompt `IP-200 login:`"),
    ]),
    ("AUT-05", "hub", Fail, Some(High), &[
        ("http-login-in-clear", "http-login", "hub/admin", Fail, "The login form is served and sent in clear"),
    ]),
    ("PKI-01", "platform", Fail, Some(Medium), &[
        ("certificate-name-mismatch", "name", "platform/fhir", Fail, "The certificate is for api.staging.example-health.invalid"),
        ("certificate-expired", "validity", "platform/fhir", Pass, "The certificate is valid until 2027-02-01"),
        ("certificate-untrusted", "chain", "platform/fhir", Inconclusive, "the scenario names no authorities to trust"),
    ]),
    ("SRV-04", "hub", Fail, Some(Medium), &[
        ("http-no-redirect-to-tls", "redirect", "hub/admin", Fail, "GET / is answered in clear with 200"),
        ("http-trace", "trace", "hub/admin", Fail, "TRACE echoes the request"),
    ]),
    ("SRV-04", "practice", Fail, Some(Low), &[
        ("http-no-security-headers", "headers", "practice/portal", Fail, "Content-Security-Policy and X-Content-Type-Options are missing"),
        ("http-no-hsts", "hsts", "practice/portal", Pass, "Strict-Transport-Security is sent with max-age 31536000"),
    ]),
    ("SRV-03", "hub", Fail, Some(Low), &[
        ("http-version-told", "http-version", "hub/admin", Fail, "The Server header tells `lighttpd/1.4.35`"),
    ]),
    ("VUL-05", "maker", Fail, Some(Low), &[
        ("security-txt-missing", "contact", "hub/admin", Fail, "/.well-known/security.txt is answered with 404"),
    ]),
    ("TLS-03", "platform", Inconclusive, None, &[
        ("tls-broken-suite", "suites", "platform/fhir", Pass, "Only AEAD suites are accepted"),
        ("tls-weak-key", "key-size", "platform/fhir", Inconclusive, "it belongs to a deeper run"),
    ]),
    ("AUT-01", "cuff", Inconclusive, None, &[
        ("http-default-credentials", "http-login", "cuff/setup", Inconclusive, "it needs a rougher step than the scenario authorises"),
    ]),
    ("AUT-01", "platform", Inconclusive, None, &[
        ("mqtt-default-credentials", "mqtt-login", "platform/broker", Inconclusive, "it needs a rougher step than the scenario authorises"),
    ]),
    ("SRV-01", "glucose", Inconclusive, None, &[
        ("service-undeclared", "undeclared-tcp", "glucose", Inconclusive, "nothing answered at the address"),
    ]),
    ("SRV-01", "home", Inconclusive, None, &[]),
    ("TLS-02", "practice", Inconclusive, None, &[
        ("tls-obsolete-version", "obsolete-versions", "practice/portal", Inconclusive, "it accepted and then said nothing in time"),
    ]),
    ("NET-01", "cuff", Inconclusive, None, &[]),
    ("NET-01", "glucose", Inconclusive, None, &[]),
    ("NET-01", "pump", Inconclusive, None, &[]),
    ("DOC-01", "maker", Inconclusive, None, &[]),
    ("UPD-06", "maker", Inconclusive, None, &[]),
    ("MED-05", "platform", Inconclusive, None, &[
        ("smart-configuration-missing", "present", "platform/fhir", Inconclusive, "it ended the connection before it could be looked at"),
    ]),
    ("INV-03", "pump", Pass, None, &[
        ("gateway-unwrapped", "contained", "platform/broker", Pass, "The scenario flags it as legacy and places it behind Tablet hub"),
    ]),
    ("SRV-01", "cuff", Pass, None, &[
        ("service-undeclared", "undeclared-tcp", "cuff", Pass, "All 65535 TCP ports were asked; only the declared one answered"),
    ]),
    ("SRV-02", "cuff", Pass, None, &[
        ("service-cleartext-administration", "cleartext-administration", "cuff/setup", Pass, "None of the known clear-text protocols answers"),
    ]),
    ("SRV-02", "hub", Pass, None, &[
        ("service-cleartext-administration", "cleartext-administration", "hub", Pass, "None of the known clear-text protocols answers"),
    ]),
    ("SRV-03", "cuff", Pass, None, &[
        ("http-version-told", "http-version", "cuff/setup", Pass, "Headers and pages tell no version"),
    ]),
    ("TLS-01", "platform", Pass, None, &[
        ("flow-in-clear", "flows-protected", "practice/portal", Pass, "practice/portal speaks TLS 1.3"),
    ]),
    ("PKI-01", "practice", Pass, None, &[
        ("certificate-expired", "validity", "practice/portal", Pass, "The certificate is valid until 2027-05-30"),
    ]),
    ("AUT-03", "cuff", Pass, None, &[
        ("http-admin-open", "http-admin", "cuff/setup", Pass, "Every page asked for a login"),
    ]),
    ("AUT-05", "practice", Pass, None, &[
        ("http-login-in-clear", "http-login", "practice/portal", Pass, "The login is served over TLS only"),
    ]),
    ("GWY-02", "hub", Pass, None, &[
        ("gateway-unwrapped", "wrapped", "platform/fhir", Pass, "What the hub carries on for the pump ends in TLS 1.3"),
    ]),
    ("SRV-03", "platform", Pass, None, &[
        ("http-version-told", "http-version", "platform/fhir", Pass, "Headers and pages tell no version"),
        ("mqtt-system-topics", "mqtt-system-topics", "platform/broker", Pass, "$SYS is not delivered"),
    ]),
];

/// What is mended on the way to the target: requirement, node and the new reason.
#[rustfmt::skip]
pub(super) const MENDED: &[(&str, &str, &str)] = &[
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
