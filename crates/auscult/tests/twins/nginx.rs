//! nginx: everything that was ever a bad idea at once, and a site as it should be.

use crate::assess::{Must, Twin};
use crate::certificates::{GOOD, Order};
use crate::program::{Ground, Running};

const PACKAGE: &str = "nginx-light";

pub(crate) const TWINS: [Twin; 2] = [
    Twin {
        name: "nginx-weak",
        address: [127, 77, 2, 1],
        everywhere: &[],
        start: weak,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
host_names = ["hub.test"]
services = [
  { name = "web", port = 17201, protocol = "http" },
  { name = "secure", port = 17202, protocol = "http", tls = true },
]
[process.maker]
class = "III"
address = "{address}"
host_names = ["hub.test"]
services = [{ name = "site", port = 17202, protocol = "http", tls = true }]
[device.tablet]
class = "III"
[network.home]
kind = "wifi"
[[flow]]
from = "tablet"
to = "hub/web"
data = ["vitals", "credentials"]
over = ["home"]
"#,
        must: Must::Fail(&[
            ("TLS-01", "hub/web", "flow-in-clear"),
            ("TLS-01", "tablet > hub/web", "flow-in-clear"),
            ("TLS-02", "hub/secure", "tls-obsolete-version"),
            ("TLS-03", "hub/secure", "tls-broken-suite"),
            ("TLS-03", "hub/secure", "tls-dated-suite"),
            ("TLS-03", "hub/secure", "tls-weak-group"),
            ("TLS-03", "hub/secure", "tls-weak-key"),
            ("PKI-01", "hub/secure", "certificate-expired"),
            ("PKI-01", "hub/secure", "certificate-expiring"),
            ("PKI-01", "hub/secure", "certificate-name-mismatch"),
            ("PKI-01", "hub/secure", "certificate-untrusted"),
            ("PKI-01", "hub/secure", "certificate-wrong-purpose"),
            ("PKI-01", "hub/secure", "certificate-weak-signature"),
            ("SRV-04", "hub/web", "http-no-redirect-to-tls"),
            ("SRV-04", "hub/secure", "http-no-hsts"),
            ("SRV-04", "hub/web", "http-no-security-headers"),
            ("SRV-04", "hub/secure", "http-no-security-headers"),
            ("SRV-04", "hub/web", "http-directory-listing"),
            ("SRV-04", "hub/secure", "http-directory-listing"),
            ("SRV-04", "hub/web", "http-open-cors"),
            ("SRV-04", "hub/secure", "http-open-cors"),
            ("SRV-03", "hub/web", "http-version-told"),
            ("SRV-03", "hub/secure", "http-version-told"),
            ("SRV-03", "hub/web", "http-debug-page"),
            ("SRV-03", "hub/secure", "http-debug-page"),
            ("ACC-03", "hub/web", "http-cookie-unsafe"),
            ("ACC-03", "hub/secure", "http-cookie-unsafe"),
            ("AUT-01", "hub/web", "http-default-credentials"),
            ("AUT-01", "hub/secure", "http-default-credentials"),
            ("AUT-03", "hub/web", "http-admin-open"),
            ("AUT-03", "hub/secure", "http-admin-open"),
            ("AUT-05", "hub/web", "http-login-in-clear"),
            ("VUL-05", "maker/site", "security-txt-missing"),
        ]),
    },
    Twin {
        name: "nginx-hardened",
        address: [127, 77, 2, 2],
        everywhere: &[],
        start: hardened,
        scenario: r#"
[gateway.hub]
class = "III"
address = "{address}"
host_names = ["hub.test"]
services = [
  { name = "web", port = 17203, protocol = "http", purpose = "sends browsers to TLS" },
  { name = "secure", port = 17204, protocol = "http", tls = true },
]
[process.maker]
class = "III"
address = "{address}"
host_names = ["hub.test"]
services = [{ name = "site", port = 17204, protocol = "http", tls = true }]
[device.tablet]
class = "III"
[network.home]
kind = "wifi"
[[flow]]
from = "tablet"
to = "hub/secure"
data = ["vitals", "credentials"]
over = ["home"]
"#,
        must: Must::Hold(&[
            "http-no-redirect-to-tls",
            "http-no-hsts",
            "http-no-security-headers",
            "http-directory-listing",
            "http-trace",
            "http-open-cors",
            "http-admin-open",
            "http-default-credentials hub/secure",
            "http-version-told",
            "http-debug-page",
            "http-login-in-clear",
            "security-txt-missing",
            "security-txt-expired",
            "flow-in-clear",
            "service-undeclared",
            "service-declaration-wrong",
            "tls-obsolete-version",
            "tls-current-version-missing",
            "tls-newest-not-chosen",
            "tls-broken-suite",
            "tls-dated-suite",
            "tls-weak-group",
            "tls-weak-key",
            "tls-insecure-renegotiation",
            "tls-compression",
            "tls-downgrade-unnoticed",
            "tls-heartbeat-overread",
            "tls-early-key-change",
            "tls-rsa-padding-told",
            "tls-session-id-overread",
            "certificate-expired",
            "certificate-expiring",
            "certificate-name-mismatch",
            "certificate-untrusted",
            "certificate-wrong-purpose",
            "certificate-weak-signature",
        ]),
    },
];

/// What both twins need to run as anybody, in one folder.
const FRAME: &str = "
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path tmp1; proxy_temp_path tmp2; fastcgi_temp_path tmp3; uwsgi_temp_path tmp4; scgi_temp_path tmp5;
  types { text/html html; text/plain txt; }
";

pub(crate) fn serve(ground: &Ground, servers: &str, ports: &[u16]) -> Vec<Running> {
    ground.write("nginx.conf", &format!("{FRAME}{servers}\n}}\n"));
    let folder = ground.at("");
    vec![ground.start("nginx", PACKAGE, &format!("-p {folder} -e stderr -c nginx.conf"), ports)]
}

fn weak(ground: &Ground) -> Vec<Running> {
    let address = ground.address;
    ground.authority("authority");
    // Signed by itself, and run out.
    ground.certificate(Order {
        name: "server",
        key: "rsa:2048",
        hash: "sha1",
        host: "printer.test",
        usage: "clientAuth",
        until: "20210101000000Z",
        by: "server",
    });
    ground.run("openssl", "openssl", "dhparam -dsaparam -out dh.pem 1024");
    ground.write(
        "site/index.html",
        "<!doctype html><title>Hub</title><p>Welcome <a href=\"/admin/\">set-up</a>",
    );
    ground.write("site/admin/index.html", "<!doctype html><title>Set-up</title><p>Well done");
    ground.write(
        "site/setup/index.html",
        "<title>Set-up</title><form method=post><input name=ssid><input name=wpa_key></form>",
    );
    ground.write("site/logs/monday.txt", "cuff seen\n");
    ground.write("site/.git/HEAD", "ref: refs/heads/main\n");
    ground.write("passwords", "admin:{PLAIN}admin\n");
    let site = "
    root site;
    autoindex on;
    server_tokens on;
    add_header Set-Cookie 'sessionid=invented; Path=/';
    add_header Access-Control-Allow-Origin $http_origin always;
    add_header Access-Control-Allow-Credentials true always;
    location /admin/ { auth_basic hub; auth_basic_user_file passwords; }
";
    let servers = format!(
        "
  server {{ listen {address}:17201; {site} }}
  server {{ listen {address}:17202 ssl; {site}
    ssl_certificate server.crt; ssl_certificate_key server.key; ssl_dhparam dh.pem;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0;
    ssl_ecdh_curve prime256v1:secp224r1;
  }}"
    );
    serve(ground, &servers, &[17201, 17202])
}

fn hardened(ground: &Ground) -> Vec<Running> {
    let address = ground.address;
    ground.authority("authority");
    ground.certificate(Order { host: "hub.test", ..GOOD });
    ground.write("site/index.html", "<!doctype html><title>Hub</title><p>Welcome");
    ground.write("site/admin/index.html", "<!doctype html><title>Set-up</title><p>Well done");
    ground.write("site/logs/monday.txt", "cuff seen\n");
    ground.write(
        "site/.well-known/security.txt",
        "Contact: mailto:psirt@maker.example\nExpires: 2049-12-31T00:00:00Z\n",
    );
    ground.write("passwords", "nurse:{PLAIN}b1f6-9c41-77ae\n");
    let servers = format!(
        "
  server_tokens off;
  server {{ listen {address}:17203; return 301 https://hub.test:17204$request_uri; }}
  server {{ listen {address}:17204 ssl; root site;
    ssl_certificate server.crt; ssl_certificate_key server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305;
    add_header Strict-Transport-Security 'max-age=63072000' always;
    add_header Content-Security-Policy \"default-src 'self'; frame-ancestors 'none'\" always;
    add_header X-Content-Type-Options nosniff always;
    add_header Referrer-Policy no-referrer always;
    location /admin {{ auth_basic hub; auth_basic_user_file passwords; }}
    location ~ /\\.(?!well-known) {{ return 404; }}
  }}"
    );
    serve(ground, &servers, &[17203, 17204])
}
