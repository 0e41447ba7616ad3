//! The maker's website: how to report a flaw, and what else a maker owes to everybody.

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::web::page;

/// How one of its pages is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Everybody can read it.
    Open,
    /// It is not there.
    Gone,
    /// A stranger sees a login in its place.
    Login,
}

/// The website.
pub(crate) struct Maker {
    /// What its security.txt says (RFC 9116), if it has one.
    pub(crate) security_txt: Option<String>,
    /// The policy for reporting flaws.
    pub(crate) policy: Sight,
    /// The support period of the cuff.
    pub(crate) cuff_support: Sight,
    /// The last day of it that the page names.
    pub(crate) cuff_until: &'static str,
    /// The support period of the glucose sensor.
    pub(crate) glucose_support: Sight,
    /// Why the pump cannot be updated, and how it is replaced.
    pub(crate) replacement: Sight,
    /// The sensors of the cuff.
    pub(crate) sensors: Sight,
}

/// Paths of its pages.
pub(crate) const POLICY: &str = "/security";
pub(crate) const CUFF_SUPPORT: &str = "/support/bp-2";
pub(crate) const GLUCOSE_SUPPORT: &str = "/support/cg-1";
pub(crate) const REPLACEMENT: &str = "/support/ip-7";
pub(crate) const SENSORS: &str = "/sensors/bp-2";

impl Maker {
    /// Its pages.
    pub(crate) fn pages(self) -> Router {
        let cuff = format!("<p>You get security updates for the BP-2 until {}.</p>", self.cuff_until);
        let all = [
            (POLICY, self.policy, "Reporting vulnerabilities", POLICY_TEXT.to_owned()),
            (CUFF_SUPPORT, self.cuff_support, "BP-2: support period", cuff),
            (GLUCOSE_SUPPORT, self.glucose_support, "CG-1: Unterstützungszeitraum", GLUCOSE_TEXT.to_owned()),
            (REPLACEMENT, self.replacement, "IP-7: replacement", REPLACEMENT_TEXT.to_owned()),
            (SENSORS, self.sensors, "BP-2: sensors", SENSORS_TEXT.to_owned()),
        ];
        let front = page("Example Medical", "<p>Invented devices for an invented patient.</p>");
        let mut pages = Router::new().route("/", get(|| async { front }));
        for (path, sight, title, text) in all {
            let shown = page(title, &text);
            pages = pages.route(
                path,
                get(move || async move {
                    match sight {
                        Sight::Open => shown.into_response(),
                        Sight::Gone => StatusCode::NOT_FOUND.into_response(),
                        Sight::Login => login(),
                    }
                }),
            );
        }
        let Some(text) = self.security_txt else { return pages };
        pages.route(
            "/.well-known/security.txt",
            get(move || async { ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text) }),
        )
    }
}

/// The login of the maker's customers; nobody of this world is one.
fn login() -> Response {
    page(
        "Customers only",
        "<form method=\"post\" action=\"/customers\"><label>Name <input name=\"username\"></label>\
         <label>Password <input type=\"password\" name=\"password\"></label><button>Log in</button></form>",
    )
    .into_response()
}

const POLICY_TEXT: &str = "<p>Write to <a href=\"mailto:security@example.com\">security@example.com</a> when you find a \
     vulnerability in one of our devices.</p>\
     <p>We acknowledge your report within 3 working days. We tell you the status every 14 days until it is mended.</p>\
     <p>Who acts in good faith is not prosecuted.</p>";

const GLUCOSE_TEXT: &str = "<table><tr><th>Modell</th><th>Sicherheitsupdates bis</th></tr>\
     <tr><td>CG-1</td><td>31. Januar 2030</td></tr></table>";

const REPLACEMENT_TEXT: &str = "<p>The software of the IP-7 cannot be updated, because its memory is written once when it \
     is built.</p><p>We replace the pump free of charge until 30 June 2030. Contact service@example.com for the \
     replacement.</p>";

const SENSORS_TEXT: &str = "<ul><li>A pressure sensor measures the blood pressure in the cuff.</li>\
     <li>A temperature sensor guards the battery.</li></ul>";
