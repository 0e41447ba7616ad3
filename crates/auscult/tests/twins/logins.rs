//! Web services whose logins and APIs are declared: nginx with more and other ones than are declared, and with just
//! these; a server that leads to what nobody should follow.

use crate::assess::{Must, Twin};
use crate::certificates::{GOOD, Order};
use crate::nginx;
use crate::program::{Ground, Running};

pub(crate) const TWINS: [Twin; 2] = [
    Twin {
        name: "logins-otherwise",
        address: [127, 175, 1, 1],
        everywhere: &[],
        start: otherwise,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
host_names = ["hub.test"]

[[gateway.hub.services]]
name = "web"
port = 17211
protocol = "http"
tls = true
apis = ["/api/v1"]
logins = [
  { path = "/login", by = "form" },
  { path = "/admin", by = "form" },
  { path = "/stats", by = "basic" },
]
"#,
        must: Must::Fail(&[
            ("AUT-03", "hub/web", "login-undeclared"),
            ("AUT-03", "hub/web", "login-mechanism-other"),
            ("AUT-03", "hub/web", "login-open"),
            ("SRV-01", "hub/web", "api-undeclared"),
        ]),
    },
    Twin {
        name: "logins-as-declared",
        address: [127, 175, 1, 2],
        everywhere: &[],
        start: as_declared,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
host_names = ["hub.test"]

[[gateway.hub.services]]
name = "web"
port = 17212
protocol = "http"
tls = true
apis = ["/api/v1"]
logins = [
  { path = "/login", by = "form" },
  { path = "/admin", by = "basic" },
  { path = "/api", by = "bearer" },
]
"#,
        must: Must::Hold(&["login-undeclared", "login-mechanism-other", "login-open", "api-undeclared"]),
    },
];

const FORM: &str = "<!doctype html><title>Log in</title><form method=post action=/session>\
                    <input name=user><input type=password name=word><button>Log in</button></form>";

/// TLS and headers as they should be, so that nothing else is found.
fn server(ground: &Ground, port: u16, places: &str) -> String {
    ground.authority("authority");
    ground.certificate(Order { host: "hub.test", ..GOOD });
    ground.write("passwords", "nurse:{PLAIN}b1f6-9c41-77ae\n");
    ground.write("site/login/index.html", FORM);
    let address = ground.address;
    format!(
        "
  server_tokens off;
  server {{ listen {address}:{port} ssl; root site; port_in_redirect on;
    ssl_certificate server.crt; ssl_certificate_key server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305;
    ssl_ecdh_curve X25519:prime256v1; ssl_prefer_server_ciphers on;
    add_header Strict-Transport-Security 'max-age=31536000' always;
    add_header Content-Security-Policy \"default-src 'self'; frame-ancestors 'none'\" always;
    add_header X-Content-Type-Options nosniff always;
    add_header Referrer-Policy no-referrer always;
    {places}
  }}"
    )
}

fn otherwise(ground: &Ground) -> Vec<Running> {
    ground.write(
        "site/index.html",
        "<!doctype html><title>Hub</title><a href=/login/>Log in</a><a href=/stats/>Figures</a>\
         <script src=/app.js></script>",
    );
    ground.write("site/app.js", "document.title = 'Hub'; const places = ['/old/', '/api/v1/state'];\n");
    ground.write("site/admin/index.html", "<!doctype html><title>Administration</title><p>Well done");
    ground.write("site/stats/index.html", "<!doctype html><title>Figures</title><p>Twelve readings today");
    ground.write("site/old/index.html", "<!doctype html><title>Service</title><p>Well done");
    ground.write(
        "site/openapi.json",
        "{\"openapi\": \"3.0.0\", \"paths\": {\"/api/v1/state\": {}, \"/api/v2/debug/{id}\": {}}}",
    );
    let places = "
    location /admin { auth_basic hub; auth_basic_user_file passwords; }
    location /old/ { auth_basic service; auth_basic_user_file passwords; }
    location /api/v1/ { default_type application/json; return 200 '{\"state\": \"up\"}'; }";
    let server = server(ground, 17211, places);
    nginx::serve(ground, &server, &[17211])
}

fn as_declared(ground: &Ground) -> Vec<Running> {
    ground.write(
        "site/index.html",
        "<!doctype html><title>Hub</title><a href=/login/>Log in</a><a href=/admin/>Administration</a>\
         <a href=/logout>Log out</a><a href=https://maker.test/>Maker</a><script src=/app.js></script>",
    );
    ground.write("site/app.js", "document.title = 'Hub'; fetch('/api/v1/state');\n");
    ground.write("site/robots.txt", "User-agent: *\nDisallow: /admin/\n");
    ground.write("site/admin/index.html", "<!doctype html><title>Administration</title><p>Well done");
    let places = "
    location /admin { auth_basic hub; auth_basic_user_file passwords; }
    location = /api { default_type application/json; add_header WWW-Authenticate Bearer always;
      return 401 '{\"error\": \"no token\"}'; }
    location /api/ { default_type application/json; add_header WWW-Authenticate Bearer always;
      return 401 '{\"error\": \"no token\"}'; }";
    let server = server(ground, 17212, places);
    nginx::serve(ground, &server, &[17212])
}
