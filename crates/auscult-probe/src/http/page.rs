//! Turns an answer into what facts say about it: head, cookies, signatures and stack traces.

use auscult_facts::http::{Cookie, Page};
use hyper::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, SERVER, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

use super::ask::Answered;
use super::html;
use super::origin::Origin;

const POWERED_BY: HeaderName = HeaderName::from_static("x-powered-by");
const ASP_NET: HeaderName = HeaderName::from_static("x-aspnet-version");

/// Words that only a stack trace or a developer's error page holds, with the name they get.
const TRACES: [(&str, &[&str]); 11] = [
    ("python-traceback", &["Traceback (most recent call last)"]),
    ("django-debug", &["DEBUG = True", "Django"]),
    ("werkzeug-debugger", &["Werkzeug", "Debugger"]),
    ("java-stack-trace", &["at java.", ".java:"]),
    ("java-stack-trace", &["Exception", "\tat org."]),
    ("dotnet-stack-trace", &["[HttpException", "Stack Trace:"]),
    ("dotnet-stack-trace", &["System.", "Exception", "   at ", ".cs:line "]),
    ("php-error", &["on line <b>", "Fatal error"]),
    ("node-stack-trace", &["Error: ", "at ", "node_modules/"]),
    ("rails-debug", &["Rails.root:", "Full Trace"]),
    ("go-panic", &["goroutine ", "[running]"]),
];

/// Products that sign their error pages with a version.
const SIGNERS: [&str; 12] = [
    "nginx/",
    "openresty/",
    "Apache/",
    "Apache Tomcat/",
    "Tomcat/",
    "lighttpd/",
    "Jetty(",
    "Jetty:// ",
    "WildFly/",
    "Mongoose/",
    "Boa/",
    "GoAhead/",
];

/// Parts of the name of a cookie that say it carries a session or a token.
const SESSION: [&str; 5] = ["sess", "token", "jwt", "remember", "credential"];

/// The same, as its end.
const SESSION_ENDS: [&str; 3] = ["sid", "auth", "login"];

/// Parts of the names of cookies that guard against forged requests; scripts must read some of them.
const GUARDS: [&str; 2] = ["csrf", "xsrf"];

/// The first so many characters of hostile text, controls replaced.
pub(crate) fn cut(text: &str, most: usize) -> String {
    text.trim().chars().take(most).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// What facts say about an answer.
pub(super) fn page(path: &str, answered: &Answered, origin: &Origin) -> Page {
    let line = |name: &HeaderName| answered.header(name).map(|v| cut(&v, 120)).filter(|v| !v.is_empty());
    let policy = answered.all(&CONTENT_SECURITY_POLICY).collect::<Vec<_>>().join(", ");
    let html = is_html(answered);
    let text = answered.text();
    let tags = if html { html::tags(&text) } else { Vec::new() };
    let location = answered.location().or_else(|| html::refresh(&tags).map(ToOwned::to_owned));
    let powered_by = line(&POWERED_BY).or_else(|| line(&ASP_NET).map(|v| cut(&format!("ASP.NET {v}"), 120)));
    Page {
        path: cut(path, 120),
        status: answered.status,
        html,
        redirect: location.and_then(|l| origin.redirect(path, &l)),
        server: line(&SERVER),
        powered_by,
        generator: html::generator(&tags).map(|g| cut(g, 120)),
        signature: if answered.status >= 400 { signature(&text) } else { None },
        stack_trace: stack_trace(&text),
        hsts: line(&STRICT_TRANSPORT_SECURITY),
        frame_ancestors: policy.to_ascii_lowercase().contains("frame-ancestors"),
        content_security_policy: Some(cut(&policy, 200)).filter(|p| !p.is_empty()),
        frame_options: line(&X_FRAME_OPTIONS),
        content_type_options: line(&X_CONTENT_TYPE_OPTIONS),
        referrer_policy: line(&REFERRER_POLICY),
    }
}

/// Whether an answer is HTML, by its content type or, where it has none, by its first bytes.
pub(crate) fn is_html(answered: &Answered) -> bool {
    match answered.header(&CONTENT_TYPE) {
        Some(kind) => {
            let kind = kind.to_ascii_lowercase();
            kind.contains("text/html") || kind.contains("application/xhtml")
        }
        None => {
            let start = answered.body.get(..answered.body.len().min(100)).unwrap_or_default();
            let start = String::from_utf8_lossy(start).trim_start().to_ascii_lowercase();
            start.starts_with("<!doctype html") || start.starts_with("<html")
        }
    }
}

/// Product and version with which an error page is signed.
fn signature(text: &str) -> Option<String> {
    SIGNERS.iter().find_map(|signer| {
        text.match_indices(signer).find_map(|(at, _)| {
            let rest = text.get(at + signer.len()..)?;
            rest.starts_with(|c: char| c.is_ascii_digit())
                .then(|| text.get(at..)?.split(['<', '\n', '\r']).next().map(|line| cut(line, 60)))
                .flatten()
        })
    })
}

fn stack_trace(text: &str) -> Option<String> {
    TRACES
        .iter()
        .find(|(_, words)| words.iter().all(|word| text.contains(word)))
        .map(|(name, _)| (*name).to_owned())
}

/// Cookies that an answer sets; those that it deletes are left out.
pub(super) fn cookies(path: &str, answered: &Answered) -> Vec<Cookie> {
    answered.cookies().iter().filter_map(|line| cookie(path, line)).collect()
}

fn cookie(path: &str, line: &str) -> Option<Cookie> {
    let mut parts = line.split(';').map(str::trim);
    let (name, value) = parts.next()?.split_once('=')?;
    if name.is_empty() || value.trim_matches('"').is_empty() {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let session =
        SESSION.iter().any(|w| lower.contains(w)) || SESSION_ENDS.iter().any(|w| lower.ends_with(w));
    let mut cookie = Cookie {
        name: cut(name, 64),
        path: cut(path, 120),
        session: session && !GUARDS.iter().any(|w| lower.contains(w)),
        secure: false,
        http_only: false,
        same_site: None,
    };
    for part in parts {
        let (word, value) = part.split_once('=').unwrap_or((part, ""));
        match word.trim().to_ascii_lowercase().as_str() {
            "secure" => cookie.secure = true,
            "httponly" => cookie.http_only = true,
            "samesite" => cookie.same_site = Some(cut(&value.to_ascii_lowercase(), 20)),
            "max-age" if value.trim().parse::<i64>().is_ok_and(|age| age <= 0) => return None,
            _ => {}
        }
    }
    Some(cookie)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_without_their_values() {
        let seen = cookie("/", "JSESSIONID=abcdef; Path=/; HttpOnly; secure; SameSite=Strict").unwrap();
        assert!(seen.session && seen.secure && seen.http_only);
        assert_eq!(seen.same_site.as_deref(), Some("strict"));
        assert!(!cookie("/", "csrftoken=x").unwrap().session);
        assert!(!cookie("/", "lang=de").unwrap().session);
        assert!(!cookie("/", "residence=de").unwrap().session);
        assert!(cookie("/", "connect.sid=s").unwrap().session);
        assert_eq!(cookie("/", "sid=x; Max-Age=0"), None);
        assert_eq!(cookie("/", "sid=; Path=/"), None);
        assert_eq!(cookie("/", "rubbish"), None);
    }

    #[test]
    fn signatures_need_a_version() {
        assert_eq!(signature("<hr><center>nginx/1.18.0</center>").as_deref(), Some("nginx/1.18.0"));
        assert_eq!(signature("<center>nginx</center>"), None);
        assert_eq!(signature("see nginx/docs"), None);
    }

    #[test]
    fn controls_do_not_get_through() {
        assert_eq!(cut("a\u{1b}[31m\nb", 120), "a\u{fffd}[31m\u{fffd}b");
    }
}
