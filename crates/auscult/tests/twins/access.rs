//! Credentials of the scenario: nginx and mosquitto that look only whether somebody is known, and such that look who.

use crate::assess::{Must, Twin};
use crate::certificates::{GOOD, Order};
use crate::mosquitto;
use crate::program::{Ground, Running};

const CHECKS: [&str; 6] = [
    "access-other-patient platform/fhir",
    "access-other-in-searches platform/fhir",
    "access-other-tenant platform/fhir",
    "access-low-privilege-admin platform/fhir",
    "access-function-without-login platform/fhir",
    "access-record-without-login platform/fhir",
];

pub(crate) const TWINS: [Twin; 5] = [
    Twin {
        name: "nginx-any-known",
        address: [127, 94, 2, 1],
        everywhere: &[],
        start: any_known,
        scenario: FHIR,
        must: Must::Fail(&[
            ("ACC-01", "platform/fhir", "access-low-privilege-admin"),
            ("ACC-02", "platform/fhir", "access-other-patient"),
            ("ACC-02", "platform/fhir", "access-other-in-searches"),
            ("AUT-09", "platform/fhir", "access-withdrawn-credential"),
            ("CLD-03", "platform/fhir", "access-other-tenant"),
        ]),
    },
    Twin {
        name: "nginx-each-his-own",
        address: [127, 94, 2, 2],
        everywhere: &[],
        start: each_his_own,
        scenario: FHIR,
        must: Must::Hold(&[
            CHECKS[0],
            CHECKS[1],
            CHECKS[2],
            CHECKS[3],
            CHECKS[4],
            CHECKS[5],
            "access-withdrawn-credential platform/fhir",
            "fhir-open-read",
            "fhir-open-search",
        ]),
    },
    Twin {
        name: "nginx-demands-nothing",
        address: [127, 94, 2, 5],
        everywhere: &[],
        start: demands_nothing,
        scenario: FHIR,
        must: Must::Fail(&[
            ("AUT-03", "platform/fhir", "access-function-without-login"),
            ("ACC-02", "platform/fhir", "access-record-without-login"),
            ("MED-04", "platform/fhir", "fhir-open-search"),
        ]),
    },
    Twin {
        name: "mosquitto-any-known",
        address: [127, 94, 2, 3],
        everywhere: &[],
        start: any_account,
        scenario: BROKER,
        must: Must::Fail(&[
            ("ACC-02", "platform/broker", "access-other-patient"),
            ("AUT-09", "platform/broker", "access-withdrawn-credential"),
            ("CLD-03", "platform/broker", "access-other-tenant-topics"),
        ]),
    },
    Twin {
        name: "mosquitto-each-his-own",
        address: [127, 94, 2, 4],
        everywhere: &[],
        start: own_topics,
        scenario: BROKER,
        must: Must::Hold(&[
            "access-other-patient platform/broker",
            "access-other-tenant-topics platform/broker",
            "access-withdrawn-credential platform/broker",
            "mqtt-anonymous-access",
        ]),
    },
];

const FHIR: &str = r#"
[cloud.platform]
class = "III"
address = "{address}"
host_names = ["hub.test"]
services = [{ name = "fhir", port = 17901, protocol = "fhir", tls = true, base = "/fhir" }]
[credentials.anna]
for = "platform/fhir"
kind = "basic"
user = "anna"
from_file = "anna.secret"
role = "patient"
tenant = "practice"
owns = ["Patient/a1", "Observation/o1"]
[credentials.bert]
for = "platform/fhir"
kind = "basic"
user = "bert"
from_file = "bert.secret"
role = "patient"
tenant = "practice"
owns = ["Patient/b1", "Observation/o2"]
[credentials.carla]
for = "platform/fhir"
kind = "basic"
user = "carla"
from_file = "carla.secret"
role = "patient"
tenant = "clinic"
owns = ["Patient/c1"]
[credentials.root]
for = "platform/fhir"
kind = "basic"
user = "root"
from_file = "root.secret"
role = "admin"
owns = ["/admin/users"]
[credentials.former]
for = "platform/fhir"
kind = "basic"
user = "former"
from_file = "former.secret"
role = "withdrawn"
owns = ["Patient/a1"]
"#;

const BROKER: &str = r#"
[cloud.platform]
class = "III"
address = "{address}"
services = [{ name = "broker", port = 17902, protocol = "mqtt", tls = true }]
[credentials.anna]
for = "platform/broker"
kind = "mqtt"
user = "anna"
from_file = "anna.secret"
role = "patient"
tenant = "practice"
topics = ["ward/anna/#"]
[credentials.bert]
for = "platform/broker"
kind = "mqtt"
user = "bert"
from_file = "bert.secret"
role = "patient"
tenant = "practice"
topics = ["ward/bert/#"]
[credentials.carla]
for = "platform/broker"
kind = "mqtt"
user = "carla"
from_file = "carla.secret"
role = "patient"
tenant = "clinic"
topics = ["ward/carla/#"]
[credentials.former]
for = "platform/broker"
kind = "mqtt"
user = "former"
from_file = "former.secret"
role = "withdrawn"
"#;

fn password(name: &str) -> String {
    format!("invented-{name}-7c1e5b")
}

/// Writes the secrets that the scenario names.
fn secrets(ground: &Ground, names: &[&str]) {
    for name in names {
        ground.write(&format!("{name}.secret"), &format!("{}\n", password(name)));
    }
}

/// Patient, whose name the account has, and observation.
const PATIENTS: [(&str, &str, &str); 3] = [("anna", "a1", "o1"), ("bert", "b1", "o2"), ("carla", "c1", "o3")];

fn patient(id: &str) -> String {
    format!("{{\"resourceType\":\"Patient\",\"id\":\"{id}\"}}")
}

fn observation(id: &str, patient: &str) -> String {
    format!(
        "{{\"resourceType\":\"Observation\",\"id\":\"{id}\",\"status\":\"final\",\
         \"subject\":{{\"reference\":\"Patient/{patient}\"}}}}"
    )
}

fn bundle(of: &[String]) -> String {
    let entries: Vec<String> = of.iter().map(|r| format!("{{\"resource\":{r}}}")).collect();
    let count = entries.len();
    format!("{{\"resourceType\":\"Bundle\",\"total\":{count},\"entry\":[{}]}}", entries.join(","))
}

/// A FHIR API of files: what each reads and finds lies below `users/NAME`.
fn fhir(ground: &Ground, realm: &str, locations: &str) -> Vec<Running> {
    ground.authority("authority");
    ground.certificate(Order { host: "hub.test", ..GOOD });
    secrets(ground, &["anna", "bert", "carla", "root", "former"]);
    ground
        .write("site/fhir/metadata", "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\"}");
    ground.write(
        "site/fhir/.well-known/smart-configuration",
        "{\"token_endpoint\":\"https://hub.test/token\",\"authorization_endpoint\":\"https://hub.test/authorize\",\
         \"code_challenge_methods_supported\":[\"S256\"],\"capabilities\":[]}",
    );
    ground.write("site/admin/users", "{\"users\":[\"anna\",\"bert\",\"carla\"]}");
    let line = |name: &str| format!("{name}:{{PLAIN}}{}\n", password(name));
    for (name, id, seen) in PATIENTS {
        ground.write(&format!("site/fhir/Patient/{id}"), &patient(id));
        ground.write(&format!("site/fhir/Observation/{seen}"), &observation(seen, id));
        ground.write(&format!("site/users/{name}/Patient"), &bundle(&[patient(id)]));
        let observed = bundle(&[observation(seen, id)]);
        ground.write(&format!("site/users/{name}/Observation"), &observed);
        ground.write(&format!("site/users/{name}/Observation-{id}"), &observed);
        ground.write(&format!("site/of/{id}"), &observed);
        ground.write(&format!("{id}.known"), &line(name));
    }
    ground.write("site/all/Patient", &bundle(&PATIENTS.map(|(_, id, _)| patient(id))));
    ground.write("site/all/Observation", &bundle(&PATIENTS.map(|(_, id, seen)| observation(seen, id))));
    ground.write("site/none", &bundle(&[]));
    ground.write("root.known", &line("root"));
    let named = ["anna", "bert", "carla", "root"];
    ground.write("current.known", &named.map(line).concat());
    ground.write("every.known", &(named.map(line).concat() + &line("former")));
    let address = ground.address;
    let servers = format!(
        "
  server_tokens off;
  default_type application/fhir+json;
  map $http_authorization $whoever_says_nothing {{ '' off; default patients; }}
  server {{ listen {address}:17901 ssl; root site; auth_basic {realm};
    ssl_certificate server.crt; ssl_certificate_key server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305;
    location = /fhir/metadata {{ auth_basic off; }}
    location = /fhir/.well-known/smart-configuration {{ auth_basic off; }}
    {locations}
  }}"
    );
    crate::nginx::serve(ground, &servers, &[17901])
}

/// Whoever is known gets everything, those that were withdrawn too.
fn any_known(ground: &Ground) -> Vec<Running> {
    fhir(
        ground,
        "patients",
        "
    auth_basic_user_file every.known;
    location = /fhir/Patient { try_files /all/Patient =404; }
    location = /fhir/Observation { try_files /of/$arg_patient /all/Observation =404; }
    location / { try_files $uri =404; }",
    )
}

/// Each gets what is his own.
fn each_his_own(ground: &Ground) -> Vec<Running> {
    to_each(ground, "patients")
}

/// The same, but a password is looked at only where one is shown.
fn demands_nothing(ground: &Ground) -> Vec<Running> {
    to_each(ground, "$whoever_says_nothing")
}

fn to_each(ground: &Ground, realm: &str) -> Vec<Running> {
    let own: String = PATIENTS
        .iter()
        .map(|(_, id, seen)| {
            format!(
                "
    location = /fhir/Patient/{id} {{ auth_basic_user_file {id}.known; }}
    location = /fhir/Observation/{seen} {{ auth_basic_user_file {id}.known; }}"
            )
        })
        .collect();
    fhir(
        ground,
        realm,
        &format!(
            "
    auth_basic_user_file current.known;
    {own}
    location = /admin/users {{ auth_basic_user_file root.known; }}
    location = /fhir/Patient {{ try_files /users/$remote_user/Patient =404; }}
    location = /fhir/Observation {{
      set $wanted /users/$remote_user/Observation;
      if ($arg_patient) {{ set $wanted /users/$remote_user/Observation-$arg_patient; }}
      try_files $wanted /none =404;
    }}
    location / {{ try_files /nowhere =404; }}"
        ),
    )
}

fn broker(ground: &Ground, accounts: &[&str], more: &str) -> Vec<Running> {
    ground.good_certificate();
    secrets(ground, &["anna", "bert", "carla", "former"]);
    ground.write("passwords", "");
    for name in accounts {
        let file = ground.at("passwords");
        let password = password(name);
        ground.run("mosquitto_passwd", mosquitto::PACKAGE, &format!("-b {file} {name} {password}"));
    }
    let lines = format!(
        "allow_anonymous false\npassword_file {}\nlistener 17902 {}\ncertfile {}\nkeyfile {}\n\
         tls_version tlsv1.2\nciphers {}\n{more}",
        ground.at("passwords"),
        ground.address,
        ground.at("server.crt"),
        ground.at("server.key"),
        mosquitto::CIPHERS,
    );
    let running = mosquitto::broker(ground, &lines, &[17902]);
    // What a device said last is kept, so that whoever listens hears it.
    for name in ["anna", "bert", "carla"] {
        let (address, ca) = (ground.address, ground.at("authority.crt"));
        let who = format!("-u {name} -P {}", password(name));
        let line = format!(
            "-h {address} -p 17902 --cafile {ca} --insecure {who} -t ward/{name}/vitals -m 120/80 -q 1 -r"
        );
        ground.run("mosquitto_pub", "mosquitto-clients", &line);
    }
    running
}

fn any_account(ground: &Ground) -> Vec<Running> {
    let acl = ground.at("acl");
    let each: String =
        ["anna", "bert", "carla"].map(|n| format!("user {n}\ntopic readwrite ward/#\n")).concat();
    ground.write("acl", &each);
    broker(ground, &["anna", "bert", "carla", "former"], &format!("acl_file {acl}"))
}

fn own_topics(ground: &Ground) -> Vec<Running> {
    ground.write("acl", "pattern readwrite ward/%u/#\n");
    let acl = ground.at("acl");
    broker(ground, &["anna", "bert", "carla"], &format!("acl_file {acl}"))
}
