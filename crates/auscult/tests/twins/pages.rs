//! nginx as the website of a maker: every way in which a page can be missing, barred or wrong, and pages as they should
//! be.

use std::net::Ipv4Addr;

use auscult_model::Verdict;

use crate::assess::{Must, Twin, assessed};
use crate::nginx;
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 2] = [
    Twin {
        name: "pages-weak",
        address: [127, 0, 171, 1],
        everywhere: &[],
        start: weak,
        scenario: r#"
[process.maker]
class = "II"
address = "{address}"
services = [
  { name = "site", port = 17101, protocol = "http", tls = true },
  { name = "closed", port = 17102, protocol = "http", tls = true },
]
[[process.maker.page]]
kind = "disclosure-policy"
on = "maker/site"
path = "/barred/security"
[device.gone]
page = [{ kind = "support-period", on = "maker/site", path = "/none" }]
[device.empty]
page = [{ kind = "support-period", on = "maker/site", path = "/empty.html" }]
[device.soft]
page = [{ kind = "support-period", on = "maker/site", path = "/soft/bp-2" }]
[device.later]
page = [{ kind = "support-period", on = "maker/site", path = "/later.html" }]
[device.said-missing]
page = [{ kind = "support-period", on = "maker/site", path = "/said-missing.html" }]
[device.barred]
page = [{ kind = "support-period", on = "maker/site", path = "/barred/support" }]
[device.forbidden]
page = [
  { kind = "support-period", on = "maker/site", path = "/forbidden" },
  { kind = "sensors", on = "maker/site", path = "/none" },
]
[device.login]
page = [
  { kind = "support-period", on = "maker/site", path = "/login.html" },
  { kind = "replacement-plan", on = "maker/site", path = "/none" },
  { kind = "sensors", on = "maker/site", path = "/login.html" },
]
[device.sent-to-login]
page = [{ kind = "support-period", on = "maker/site", path = "/to-login" }]
[device.cookies]
page = [
  { kind = "support-period", on = "maker/site", path = "/cookies.html" },
  { kind = "replacement-plan", on = "maker/site", path = "/cookies.html" },
]
[device.captcha]
page = [{ kind = "support-period", on = "maker/site", path = "/captcha.html" }]
[device.register]
page = [{ kind = "support-period", on = "maker/site", path = "/register.html" }]
[device.scripts]
page = [{ kind = "support-period", on = "maker/site", path = "/scripts.html" }]
[device.certificate]
page = [{ kind = "support-period", on = "maker/closed", path = "/good.html" }]
[device.other-day]
support_until = 2032-04-30
page = [{ kind = "support-period", on = "maker/site", path = "/good.html" }]
"#,
        must: Must::Fail(&[
            ("VUL-05", "maker/site", "page-policy-missing"),
            ("UPD-06", "gone > maker/site", "page-support-missing"),
            ("UPD-06", "empty > maker/site", "page-support-missing"),
            ("UPD-06", "soft > maker/site", "page-support-missing"),
            ("UPD-06", "later > maker/site", "page-support-missing"),
            ("UPD-06", "said-missing > maker/site", "page-support-missing"),
            ("UPD-06", "barred > maker/site", "page-support-barred"),
            ("UPD-06", "forbidden > maker/site", "page-support-barred"),
            ("UPD-06", "login > maker/site", "page-support-barred"),
            ("UPD-06", "sent-to-login > maker/site", "page-support-barred"),
            ("UPD-06", "cookies > maker/site", "page-support-barred"),
            ("UPD-06", "captcha > maker/site", "page-support-barred"),
            ("UPD-06", "register > maker/site", "page-support-barred"),
            ("UPD-06", "scripts > maker/site", "page-support-barred"),
            ("UPD-06", "certificate > maker/closed", "page-support-barred"),
            ("UPD-06", "other-day > maker/site", "page-support-contradicts"),
            ("UPD-10", "login > maker/site", "page-replacement-missing"),
            ("UPD-10", "cookies > maker/site", "page-replacement-barred"),
            ("DAT-04", "forbidden > maker/site", "page-sensors-missing"),
            ("DAT-04", "login > maker/site", "page-sensors-missing"),
        ]),
    },
    Twin {
        name: "pages-hardened",
        address: [127, 0, 171, 2],
        everywhere: &[],
        start: hardened,
        scenario: r#"
[process.maker]
class = "II"
address = "{address}"
services = [{ name = "site", port = 17103, protocol = "http", tls = true }]
[[process.maker.page]]
kind = "disclosure-policy"
on = "maker/site"
path = "/security"
[process.hersteller]
page = [{ kind = "disclosure-policy", on = "maker/site", path = "/schwachstellen.html" }]
[device.cuff]
product = { model = "BP-2" }
support_until = 2031-12-31
page = [
  { kind = "support-period", on = "maker/site", path = "/good.html" },
  { kind = "replacement-plan", on = "maker/site", path = "/replacement.html" },
  { kind = "sensors", on = "maker/site", path = "/sensors.html" },
]
[device.manschette]
product = { model = "BP-2" }
support_until = 2031-12-31
page = [
  { kind = "support-period", on = "maker/site", path = "/tabelle.html" },
  { kind = "replacement-plan", on = "maker/site", path = "/ersatz.txt" },
  { kind = "sensors", on = "maker/site", path = "/sensoren.html" },
]
"#,
        must: Must::Hold(&[
            "page-policy-missing",
            "page-support-missing",
            "page-support-barred",
            "page-support-contradicts",
            "page-replacement-missing",
            "page-replacement-barred",
            "page-sensors-missing",
            "security-txt-missing",
        ]),
    },
];

/// What only looks as if it said something, or says it in a way that nobody here can read: none of it
/// decides anything.
const SILENT: Twin = Twin {
    name: "pages-silent",
    address: [127, 0, 171, 3],
    everywhere: &[],
    start: weak,
    scenario: r#"
[process.maker]
class = "II"
address = "{address}"
services = [{ name = "site", port = 17101, protocol = "http", tls = true }]
page = [{ kind = "disclosure-policy", on = "maker/site", path = "/vague.html" }]
[device.no-date]
support_until = 2031-12-31
page = [{ kind = "support-period", on = "maker/site", path = "/no-date.html" }]
[device.other-model]
product = { model = "BP-20" }
support_until = 2031-12-31
page = [{ kind = "support-period", on = "maker/site", path = "/good.html" }]
[device.elsewhere]
page = [{ kind = "support-period", on = "maker/site", path = "/elsewhere" }]
[device.pdf]
page = [{ kind = "sensors", on = "maker/site", path = "/manual.pdf" }]
"#,
    must: Must::Fail(&[]),
};

/// Asserts that what is not said decides nothing.
pub(crate) fn silence_shows_nothing() {
    let ground = Ground::new(Ipv4Addr::from(SILENT.address));
    let _running = (SILENT.start)(&ground);
    let assessment = assessed(&SILENT, &ground);
    let trials =
        assessment.rulings.iter().flat_map(|ruling| ruling.trials.iter().map(move |t| (&ruling.node, t)));
    let mut tried = 0;
    for (node, trial) in trials.filter(|(_, t)| t.check.as_str().starts_with("page-")) {
        tried += 1;
        // The page of another model is open all the same.
        let open = trial.check.as_str() == "page-support-barred" && node.as_str() == "other-model";
        let expected = if open { Verdict::Pass } else { Verdict::Inconclusive };
        assert_eq!(trial.verdict, expected, "{} on {node}: {}", trial.check, trial.reason.because);
    }
    // Three checks of each support period, and one of the policy and of the sensors.
    assert_eq!(tried, 3 * 3 + 2);
}

/// A page that is as it should be; the banner and the login in its corner keep nobody from reading it.
const GOOD: &str = "<!doctype html><html><head><title>BP-2</title><script src=/menu.js></script></head><body>\
    <div class=banner>We use cookies. <button>Accept</button></div>\
    <form action=/customers method=post><input name=user><input type=password name=pw><button>Log in</button></form>\
    <h1>Blood pressure cuff BP-2</h1><h2>Support</h2>\
    <p>We provide security updates for the BP-2 until 31 December 2031.</p><footer>\u{a9} 2024 Example Medical</footer>";

const SECURITY_TXT: &str = "Contact: mailto:psirt@maker.example\nExpires: 2049-12-31T00:00:00Z\n";

const TLS: &str =
    "ssl_certificate server.crt; ssl_certificate_key server.key; ssl_protocols TLSv1.2 TLSv1.3;";

fn weak(ground: &Ground) -> Vec<Running> {
    let address = ground.address;
    ground.good_certificate();
    for (path, text) in [
        ("index.html", "<!doctype html><title>Maker</title><p>Welcome to the world of cuffs"),
        (".well-known/security.txt", SECURITY_TXT),
        ("good.html", GOOD),
        ("empty.html", ""),
        (
            "soft/index.html",
            "<!doctype html><title>Maker</title><p>Welcome to the world of cuffs, with security updates",
        ),
        (
            "later.html",
            "<!doctype html><title>Cuff</title><h1>Support</h1><p>Support period: to be announced",
        ),
        (
            "said-missing.html",
            "<!doctype html><title>Page not found</title><h1>Sorry</h1><p>Try our front page",
        ),
        (
            "login.html",
            "<!doctype html><title>Customers</title><form method=post><input name=user><input type=password name=pw></form>",
        ),
        (
            "cookies.html",
            "<!doctype html><title>Cuff</title><h1>Your privacy</h1><p>We use cookies. <button>Accept all</button>",
        ),
        (
            "captcha.html",
            "<!doctype html><title>Wait</title><p>Checking your browser<div class=h-captcha></div>",
        ),
        (
            "register.html",
            "<!doctype html><title>Register</title><h1>Register to read on</h1><form><input name=mail></form>",
        ),
        (
            "scripts.html",
            "<!doctype html><title>Cuff</title><div id=root></div><script src=/app.js></script>",
        ),
        (
            "no-date.html",
            "<!doctype html><title>Cuff</title><h1>Support</h1><p>We give security updates in a timely manner, \
            as we have done for 20 years. Last updated: 31.12.2031. Warranty until 31.12.2031.",
        ),
        (
            "vague.html",
            "<!doctype html><title>Security</title><h1>Vulnerabilities</h1><p>Write to psirt@maker.example. \
            We answer quickly and keep you informed.",
        ),
        ("manual.pdf", "%PDF-1.7 sensor pressure temperature"),
    ] {
        ground.write(&format!("site/{path}"), text);
    }
    ground.write("passwords", "customer:{PLAIN}b1f6-9c41-77ae\n");
    let servers = format!(
        "
  server_tokens off;
  server {{ listen {address}:17101 ssl; root site; {TLS}
    location /soft/ {{ try_files $uri /soft/index.html; }}
    location /barred/ {{ auth_basic customers; auth_basic_user_file passwords; }}
    location = /forbidden {{ deny all; }}
    location = /to-login {{ return 302 https://id.maker.example/login?then=support; }}
    location = /elsewhere {{ return 302 https://www.maker.example/support; }}
  }}
  server {{ listen {address}:17102 ssl; root site; {TLS}
    ssl_client_certificate authority.crt; ssl_verify_client on;
  }}"
    );
    nginx::serve(ground, &servers, &[17101, 17102])
}

fn hardened(ground: &Ground) -> Vec<Running> {
    let address = ground.address;
    ground.good_certificate();
    for (path, text) in [
        ("index.html", "<!doctype html><title>Maker</title><p>Welcome"),
        (".well-known/security.txt", SECURITY_TXT),
        ("good.html", GOOD),
        (
            "security.html",
            "<!doctype html><title>Security</title><h1>Report a vulnerability</h1><p>Write to psirt@maker.example.</p>\
             <p>We acknowledge each report within two working days and keep you informed about the progress every two \
             weeks.</p>",
        ),
        (
            "schwachstellen.html",
            "<!doctype html><title>Schwachstellen</title><h1>Schwachstellen melden</h1><p>Schreiben Sie an \
             <a href=mailto:psirt@maker.example>unser Team</a>.</p><p>Wir best&auml;tigen den Eingang innerhalb von 3 \
             Werktagen. \u{dc}ber den Stand der Bearbeitung informieren wir Sie alle 14 Tage.</p>",
        ),
        (
            "tabelle.html",
            "<!doctype html><title>Laufzeiten</title><table><tr><th>Modell<th>Verkauf seit<th>Sicherheitsupdates bis\
             <tr><td>BP-1<td>01.03.2019<td>28.02.2027<tr><td>BP-2<td>01.05.2024<td>31.12.2031</table>",
        ),
        (
            "replacement.html",
            "<!doctype html><title>BP-2</title><h1>Radio module of the BP-2</h1><p>The radio module cannot be updated, \
             because its memory is written once.</p><p>We replace it free of charge for at least 8 years after the last \
             sale: send the cuff to our service.</p>",
        ),
        (
            "ersatz.txt",
            "Funkmodul der BP-2\n\nDas Funkmodul kann nicht aktualisiert werden, weil sein Speicher nur einmal\n\
             beschrieben wird.\n\nErsatz gibt es kostenlos bis zum 31. Dezember 2031. Bestellen Sie den Ersatz beim Kundendienst.\n",
        ),
        (
            "sensors.html",
            "<!doctype html><title>BP-2</title><h1>Sensors of the BP-2</h1><ul><li>Pressure: the blood pressure in the \
             cuff<li>Temperature: the battery</ul><p>There is no microphone and no camera.",
        ),
        (
            "sensoren.html",
            "<!doctype html><title>BP-2</title><h1>Sensoren</h1><p>Ein Drucksensor misst den Blutdruck.",
        ),
    ] {
        ground.write(&format!("site/{path}"), text);
    }
    let servers = format!(
        "
  server_tokens off;
  server {{ listen {address}:17103 ssl; root site; {TLS}
    location = /security {{ return 301 /security.html; }}
  }}"
    );
    nginx::serve(ground, &servers, &[17103])
}
