//! Writes the scenario that declares Edith's world, as its makers and the practice would declare it.

use std::fmt::Write;

use crate::archive;
use crate::edith::Plan;
use crate::faults::Variant;
use crate::maker;

/// The scenario of a world.
pub(crate) fn text(plan: &Plan) -> String {
    let mut text = head(plan);
    for part in [cuff(plan), glucose(plan), pump(plan), hub(plan), networks(), platform(plan), practice(plan)]
    {
        text.push_str(&part);
    }
    text.push_str(&maker_of_all(plan));
    text.push_str(&flows(plan));
    text.push_str(&credentials(plan));
    text
}

fn head(plan: &Plan) -> String {
    let (title, note) = match plan.variant {
        Variant::StatusQuo => ("Edith at home, as it is", "As it is today."),
        Variant::Target => ("Edith at home, as it shall be", "As it shall become over 5G."),
    };
    format!(
        "# Edith, 81, has high blood pressure and diabetes and lives alone in the country.\n\
         # {note}\n\
         # Every device, firm and patient here is invented, and all addresses are loopback: `auscult lab up` serves them.\n\n\
         title   = \"{title}\"\n\
         stage   = \"{stage}\"\n\
         setting = \"homecare\"\n\
         trust_anchors = [\"trust.pem\"]         # the lab's own certificate authority, new in each world\n\
         crls    = [\"revoked.crl\"]           # what that authority has revoked\n\
         {host}\n\
         [authorisation]\n\
         by     = \"auscult lab, loopback only\"\n\
         until  = 2099-12-31\n\
         impact = \"{impact}\"\n\
         pace   = \"laboratory\"                 # nothing depends on these devices\n\n",
        stage = plan.variant.stage(),
        host = host_ports(plan),
        impact = if plan.rough() { "disruptive" } else { "intrusive" },
    )
}

fn host_ports(plan: &Plan) -> String {
    if plan.host_ports.is_empty() {
        return String::new();
    }
    let ports: Vec<_> = plan.host_ports.iter().map(u16::to_string).collect();
    format!(
        "host_ports = [{}]   # of this machine: they answer at every loopback address and belong to no device\n",
        ports.join(", ")
    )
}

/// What a set-up page declares: a login in front of its settings, and no interface for programs.
const SET_UP: &str = ", purpose = \"set-up page\", apis = [], logins = [{ path = \"/login\", by = \"form\" }, \
                      { path = \"/admin\", by = \"form\" }]";

fn cuff(plan: &Plan) -> String {
    let services = if plan.on("cuff-login-in-clear") {
        service("admin", 8080, "http", false, SET_UP)
    } else {
        service("admin", 8443, "http", true, SET_UP)
            + &service("to-admin", 8080, "http", false, ", purpose = \"leads to the set-up page\"")
    };
    format!(
        "# Publishes its readings to the platform by itself.\n\
         [device.cuff]\n\
         name    = \"Blood pressure cuff\"\n\
         product = {{ maker = \"Example Medical\", model = \"BP-2\", version = \"1.4.2\" }}\n\
         class   = \"II\"\n\
         address = \"{}\"\n\
         host_names = [\"cuff.edith.test\"]\n\
         placed_on_market = 2024-05-01\n\
         service_life     = \"8 years\"\n\
         support_until    = 2032-04-30\n\
         services = [\n{services}]\n\n{}{}",
        plan.cuff(),
        page("device.cuff", "support-period", maker::CUFF_SUPPORT),
        page("device.cuff", "sensors", maker::SENSORS)
    )
}

fn glucose(plan: &Plan) -> String {
    format!(
        "# Publishes to the platform; nothing on it listens.\n\
         [device.glucose]\n\
         name    = \"Glucose sensor\"\n\
         product = {{ maker = \"Example Medical\", model = \"CG-1\", version = \"2.0.0\" }}\n\
         class   = \"II\"\n\
         address = \"{}\"\n\
         placed_on_market = 2025-02-01\n\
         service_life     = \"3 years\"\n\
         support_until    = 2030-01-31\n\n{}",
        plan.glucose(),
        page("device.glucose", "support-period", maker::GLUCOSE_SUPPORT)
    )
}

fn pump(plan: &Plan) -> String {
    let services = if plan.on("pump-answers-anyone") {
        let mllp = service("mllp", 2575, "hl7-mllp", false, ", purpose = \"answers the hub's queries\"");
        format!("services = [\n{mllp}]\n")
    } else {
        String::new()
    };
    format!(
        "# A ward's infusion pump, put to use at home; made before networking was meant, it speaks HL7 v2 in clear.\n\
         [device.pump]\n\
         name    = \"Infusion pump\"\n\
         product = {{ maker = \"Example Medical\", model = \"IP-7\", version = \"0.9\" }}\n\
         class   = \"III\"\n\
         address = \"{}\"\n\
         legacy  = true\n\
         behind  = \"hub\"\n\
         placed_on_market = 2009-03-01\n\
         {services}\n{}",
        plan.pump(),
        page("device.pump", "replacement-plan", maker::REPLACEMENT)
    )
}

fn hub(plan: &Plan) -> String {
    let declared_tls = plan.on("hub-mllp-misdeclared");
    let services =
        service("mllp", 2575, "hl7-mllp", declared_tls, ", purpose = \"takes the pump's reports\"")
            + &service(
                "admin",
                8443,
                "http",
                true,
                ", purpose = \"administration by the nurse\", apis = [], \
                 logins = [{ path = \"/login\", by = \"form\" }, { path = \"/admin\", by = \"form\" }]",
            );
    format!(
        "# Stands between the pump and everything else.\n\
         [gateway.hub]\n\
         name    = \"Tablet hub\"\n\
         product = {{ maker = \"Example Medical\", model = \"HUB-3\", version = \"3.1.0\" }}\n\
         address = \"{}\"\n\
         host_names = [\"hub.edith.test\"]\n\
         placed_on_market = 2025-06-01\n\
         service_life     = \"5 years\"\n\
         support_until    = 2031-05-31\n\
         services = [\n{services}]\n\n",
        plan.hub()
    )
}

fn networks() -> String {
    "[network.home]\nkind = \"wifi\"\n\n\
     [network.cable]\nkind = \"direct-cable\"                # joins two things and nobody else\n\n\
     [network.mobile]\nkind = \"5g\"\n\n"
        .to_owned()
}

fn platform(plan: &Plan) -> String {
    let in_clear = plan.on("broker-in-clear");
    let certificate = if plan.client_certificates() { ", client_certificate = true" } else { "" };
    let services = service("broker", plan.broker_port(), "mqtt", !in_clear, certificate)
        + &service("fhir", 8443, "fhir", true, ", base = \"/fhir\"");
    format!(
        "[cloud.platform]\n\
         name     = \"Example Health Cloud\"\n\
         operator = \"Example Health Cloud\"\n\
         region   = \"DE\"\n\
         class    = \"III\"\n\
         address  = \"{}\"\n\
         host_names = [\"platform.edith.test\"]\n\
         services = [\n{services}]\n\n",
        plan.platform()
    )
}

fn practice(plan: &Plan) -> String {
    let title = format!(", ae_title = \"{}\"", archive::TITLE);
    let by = if plan.on("portal-login-misdeclared") { "basic" } else { "form" };
    let portal = format!(
        ", purpose = \"portal for patients\", apis = [], \
         logins = [{{ path = \"/login\", by = \"{by}\" }}, {{ path = \"/settings\", by = \"{by}\" }}]"
    );
    let services = service("portal", 9443, "http", true, &portal)
        + &service("archive", plan.archive_port(), "dicom", !plan.on("archive-in-clear"), &title);
    format!(
        "[cloud.practice]\n\
         name     = \"The practice\"\n\
         operator = \"Example Practice\"\n\
         region   = \"DE\"\n\
         setting  = \"integrated-care\"\n\
         class    = \"II\"\n\
         address  = \"{}\"\n\
         host_names = [\"practice.edith.test\"]\n\
         services = [\n{services}]\n\n",
        plan.practice()
    )
}

fn maker_of_all(plan: &Plan) -> String {
    let services = service("website", 9443, "http", true, ", purpose = \"where flaws are reported\"");
    format!(
        "[process.maker]\n\
         name     = \"Example Medical\"\n\
         address  = \"{}\"\n\
         host_names = [\"maker.edith.test\"]\n\
         services = [\n{services}]\n\n{}",
        plan.maker(),
        page("process.maker", "disclosure-policy", maker::POLICY)
    )
}

fn flows(plan: &Plan) -> String {
    let cable = if plan.on("pump-over-wifi") { "home" } else { "cable" };
    [
        ("cuff", "platform/broker", "\"vitals\", \"identity\"", "\"home\", \"mobile\""),
        ("glucose", "platform/broker", "\"vitals\", \"identity\"", "\"home\", \"mobile\""),
        ("pump", "hub/mllp", "\"therapy\", \"vitals\", \"identity\"", &format!("\"{cable}\"")),
        ("hub", "platform/broker", "\"therapy\", \"vitals\", \"identity\"", "\"home\", \"mobile\""),
        ("practice", "platform/fhir", "\"vitals\", \"identity\"", ""),
        ("platform", "practice/archive", "\"images\", \"identity\"", ""),
    ]
    .into_iter()
    .map(|(from, to, data, over)| {
        let over = if over.is_empty() { String::new() } else { format!("over = [{over}]\n") };
        format!("[[flow]]\nfrom = \"{from}\"\nto   = \"{to}\"\ndata = [{data}]\n{over}\n")
    })
    .collect()
}

/// Credentials of invented people, made for tests: holder, service, and the rest.
const CREDENTIALS: [(&str, &str, &str); 10] = [
    (
        "edith",
        "platform/fhir",
        "role = \"patient\"\ntenant = \"practice\"\nowns = [\"Patient/TEST-0001\", \"Observation/1\"]",
    ),
    (
        "fred",
        "platform/fhir",
        "role = \"patient\"\ntenant = \"practice\"\nowns = [\"Patient/TEST-0002\", \"Observation/3\"]",
    ),
    ("berta", "platform/fhir", "role = \"patient\"\ntenant = \"clinic\"\nowns = [\"Patient/TEST-0003\"]"),
    ("operator", "platform/fhir", "role = \"admin\"\nowns = [\"/admin/users\"]"),
    ("former", "platform/fhir", "role = \"withdrawn\"\nowns = [\"Patient/TEST-0001\"]"),
    ("cuff", "platform/broker", "role = \"patient\"\ntenant = \"practice\"\ntopics = [\"edith/cuff/#\"]"),
    (
        "fred-cuff",
        "platform/broker",
        "role = \"patient\"\ntenant = \"practice\"\ntopics = [\"edith/fred-cuff/#\"]",
    ),
    ("former-cuff", "platform/broker", "role = \"withdrawn\""),
    ("locktest", "hub/admin", "role = \"guess\"\nlogin = \"/login\""),
    (
        "portal",
        "practice/portal",
        "role = \"patient\"\nowns = [\"/settings\"]\nlogin = \"/login\"\nlogout = \"/logout\"",
    ),
];

/// Those that can be used: to a broker that demands certificates passwords say nothing.
fn usable(plan: &Plan) -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    let certificates = plan.client_certificates();
    CREDENTIALS.iter().filter(move |(_, service, _)| *service != "platform/broker" || !certificates)
}

/// Whose secrets the scenario names.
pub(crate) fn secret_files(plan: &Plan) -> Vec<&'static str> {
    usable(plan).map(|(holder, ..)| *holder).collect()
}

fn credentials(plan: &Plan) -> String {
    let note = "# Made for tests, for invented people; the secrets stand in files beside this one.\n";
    let all = usable(plan).map(|(holder, service, rest)| {
        let kind = match *service {
            "platform/broker" => format!("kind = \"mqtt\"\nuser = \"{holder}\""),
            "hub/admin" => format!("kind = \"form\"\nuser = \"{holder}\""),
            "practice/portal" => "kind = \"form\"\nuser = \"edith.testpatient\"".to_owned(),
            _ => "kind = \"bearer\"".to_owned(),
        };
        let secret = if *service == "hub/admin" {
            String::new()
        } else {
            format!("from_file = \"{holder}.secret\"\n")
        };
        format!("[credentials.{holder}]\nfor = \"{service}\"\n{kind}\n{secret}{rest}\n\n")
    });
    note.to_owned() + &all.collect::<String>()
}

/// A page that the maker publishes.
fn page(node: &str, kind: &str, path: &str) -> String {
    format!("[[{node}.page]]\nkind = \"{kind}\"\non   = \"maker/website\"\npath = \"{path}\"\n\n")
}

/// One line of a list of services.
fn service(name: &str, port: u16, protocol: &str, tls: bool, more: &str) -> String {
    let mut line = format!("  {{ name = \"{name}\", port = {port}, protocol = \"{protocol}\"");
    if tls {
        line.push_str(", tls = true");
    }
    // INVARIANT: writing to a string does not fail.
    let _ = writeln!(line, "{more} }},");
    line
}
