//! Finds addresses in pages, scripts and lists of pages, and tells which of them may be asked for.
//!
//! Linear in its input and bounded in what it gives. It takes too many addresses rather than too few: one that is none
//! costs a question, and one that is missed may be a way in.

use super::super::{door, html};

/// Most addresses that one page, script or list gives; what is beyond is said to be left out.
const MANY: usize = 400;

/// Longest address, in bytes.
const LONGEST: usize = 200;

/// Words of a link that looks as if following it did something, in lower case.
///
/// On medical devices many a request by GET moves something, so that the list is long and asks for no proof.
const DEEDS: &[&str] = &[
    "abort",
    "ack",
    "acknowledge",
    "add",
    "apply",
    "assign",
    "beep",
    "bind",
    "blink",
    "bolus",
    "calibrate",
    "cancel",
    "clear",
    "close",
    "cmd",
    "command",
    "commit",
    "confirm",
    "create",
    "deactivate",
    "activate",
    "deliver",
    "delete",
    "disable",
    "discharge",
    "dose",
    "empty",
    "enable",
    "erase",
    "exec",
    "execute",
    "export",
    "factory",
    "flash",
    "format",
    "halt",
    "infuse",
    "inject",
    "insert",
    "install",
    "invoke",
    "kill",
    "lock",
    "measure",
    "move",
    "mute",
    "off",
    "on",
    "open",
    "pace",
    "pair",
    "poweroff",
    "print",
    "prime",
    "purge",
    "reboot",
    "regenerate",
    "release",
    "remove",
    "reset",
    "restart",
    "restore",
    "revoke",
    "run",
    "save",
    "selftest",
    "send",
    "set",
    "shock",
    "shutdown",
    "silence",
    "start",
    "stop",
    "submit",
    "suspend",
    "switch",
    "test",
    "toggle",
    "trigger",
    "uninstall",
    "unlock",
    "unpair",
    "upgrade",
    "write",
];

/// Words that act as well, as parts of a word: `firmwareUpdate`, `doUpdate`, `wipedata`.
const DEEDS_WITHIN: &[&str] = &["update", "wipe", "reboot", "delete", "factoryreset"];

/// Words of a link that ends a session and does nothing else.
const LEAVINGS: &[&str] = &["logout", "logoff", "signout", "signoff", "log-out", "sign-out"];

/// Ends of files that hold neither links nor logins.
const ASSETS: &[&str] = &[
    ".avif",
    ".bin",
    ".bmp",
    ".css",
    ".csv",
    ".eot",
    ".gif",
    ".gz",
    ".ico",
    ".jpeg",
    ".jpg",
    ".map",
    ".mp3",
    ".mp4",
    ".otf",
    ".pdf",
    ".png",
    ".svg",
    ".tar",
    ".ttf",
    ".wav",
    ".webm",
    ".webmanifest",
    ".webp",
    ".woff",
    ".woff2",
];

/// Keys of a query that choose what is shown or stand for a version, and move nothing.
const HARMLESS: [&str; 12] =
    ["v", "ver", "version", "ts", "t", "hash", "page", "p", "lang", "language", "l", "wsdl"];

/// Beginnings of addresses without a slash in front that scripts ask for.
const RELATIVE: &[&str] = &["api/", "rest/", "graphql", "cgi-bin/", "admin/", "v1/"];

/// Marks of a script that may build a form, load further scripts, or write pages by itself; lower case.
const BUILDS: &[&str] = &[
    "password",
    "passwort",
    "import(",
    "webpack",
    "createelement",
    "innerhtml",
    "outerhtml",
    "insertadjacenthtml",
    "document.write",
];

/// Addresses that something gives, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    /// Of pages and lists of pages.
    pub(super) links: Vec<String>,
    /// Of scripts.
    pub(super) scripts: Vec<String>,
    /// Whether more stood there than is taken.
    pub(super) cut: bool,
    /// Whether a script may make what is not written there.
    pub(super) builds: bool,
}

impl Scan {
    fn link(&mut self, link: &str) {
        let link = link.trim();
        if link.is_empty() || link.starts_with('#') || link.len() > LONGEST {
            // What is longer than any address that a person links is not asked for, and said to be left out.
            self.cut |= link.len() > LONGEST && !link.starts_with("data:");
        } else if self.links.len() < MANY {
            self.links.push(link.to_owned());
        } else {
            self.cut = true;
        }
    }
}

/// What may be done with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follow {
    /// It may be asked for.
    Ask,
    /// It holds neither links nor logins.
    Asset,
    /// It ends a session.
    Leaves,
    /// It looks as if asking for it did something.
    Spare,
}

/// What may be done with a path of this service, its query included.
pub(super) fn follow(path: &str) -> Follow {
    let lower = path.to_ascii_lowercase();
    let (place, query) = lower.split_once('?').map_or((lower.as_str(), ""), |(place, query)| (place, query));
    if LEAVINGS.iter().any(|word| place.contains(word)) && query.is_empty() {
        return Follow::Leaves;
    }
    if ASSETS.iter().any(|end| place.ends_with(end)) {
        return Follow::Asset;
    }
    let acts = words(path).iter().any(|word| DEEDS.contains(&word.as_str()))
        || DEEDS_WITHIN.iter().any(|word| lower.contains(word));
    let harmless = query.split('&').filter(|pair| !pair.is_empty()).all(|pair| {
        let key = pair.split('=').next().unwrap_or_default();
        HARMLESS.contains(&key)
    });
    if acts || !harmless { Follow::Spare } else { Follow::Ask }
}

/// What may be done with a path to which the service itself sends whoever asks: its query decides nothing.
pub(super) fn follow_sent(path: &str) -> Follow {
    follow(path.split('?').next().unwrap_or_default())
}

/// Whether the last part of a path says that something is managed there.
pub(super) fn is_of_management(path: &str) -> bool {
    let lower = path.split('?').next().unwrap_or_default().to_ascii_lowercase();
    let leaf = lower.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    door::MANAGEMENT.iter().any(|word| leaf.contains(word))
}

/// The words of a path such as `/pump/startDose` or `/start_dose2`, in lower case and without numbers.
fn words(path: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for letter in path.chars() {
        if (!letter.is_alphabetic() || (letter.is_uppercase() && after_small))
            && words.last().is_some_and(|word| !word.is_empty())
        {
            words.push(String::new());
        }
        if letter.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        after_small = letter.is_lowercase();
    }
    words
}

/// Addresses on a page: of links, frames and scripts, of forms that are shown elsewhere, and in texts between quotes.
pub(super) fn page(text: &str) -> Scan {
    let mut scan = Scan::default();
    let tags = html::tags(text);
    scan.cut = tags.len() >= html::TAGS;
    if let Some(target) = html::refresh(&tags) {
        scan.link(target);
    }
    for tag in &tags {
        let target = match tag.name.as_str() {
            "a" | "area" => tag.get("href"),
            "iframe" | "frame" => tag.get("src"),
            "link" if leads_on(tag.get("rel").unwrap_or_default()) => tag.get("href"),
            "script" => {
                if let Some(source) = tag.get("src").map(str::trim).filter(|s| !s.is_empty()) {
                    if scan.scripts.len() < MANY && source.len() <= LONGEST {
                        scan.scripts.push(source.to_owned());
                    } else {
                        scan.cut = true;
                    }
                }
                None
            }
            _ => None,
        };
        if let Some(target) = target {
            scan.link(target);
        }
    }
    let within = inline_scripts(text);
    scan.builds = builds(&within);
    quoted(&within, &mut scan);
    scan
}

/// Whether a `link` leads to another page: those of icons and styles do not.
fn leads_on(rel: &str) -> bool {
    let rel = rel.to_ascii_lowercase();
    ["next", "prev", "alternate", "service-desc", "service-doc", "describedby", "canonical", "login"]
        .iter()
        .any(|word| rel.split_ascii_whitespace().any(|r| r == *word))
}

/// Addresses in a script.
pub(super) fn script(text: &str) -> Scan {
    let mut scan = Scan { builds: builds(text), ..Scan::default() };
    quoted(text, &mut scan);
    scan
}

fn builds(script: &str) -> bool {
    let lower = script.to_ascii_lowercase();
    BUILDS.iter().any(|mark| lower.contains(mark))
}

/// What stands in the scripts of a page and in the handlers of its tags, one after the other.
fn inline_scripts(text: &str) -> String {
    let mut within = String::new();
    let mut rest = text;
    // Lower-casing ASCII keeps every place where it is.
    let lower = text.to_ascii_lowercase();
    let mut lower_rest = lower.as_str();
    while let Some(at) = lower_rest.find("<script") {
        let (after, lower_after) =
            (rest.get(at..).unwrap_or_default(), lower_rest.get(at..).unwrap_or_default());
        let Some(open) = lower_after.find('>') else { break };
        let end = lower_after.get(open..).and_then(|l| l.find("</script")).map_or(after.len(), |e| open + e);
        within.push_str(after.get(open + 1..end).unwrap_or_default());
        within.push('\n');
        rest = after.get(end..).unwrap_or_default();
        lower_rest = lower_after.get(end..).unwrap_or_default();
    }
    for tag in html::tags(text) {
        for (name, value) in &tag.attributes {
            if name.starts_with("on") || name.starts_with("data-") || name == "formaction" {
                // In quotes, so that an attribute that is an address itself is taken for one.
                within.push('"');
                within.push_str(value);
                within.push_str("\"\n");
            }
        }
    }
    within
}

/// Takes every text between two quotes that looks like an address of this service.
fn quoted(text: &str, scan: &mut Scan) {
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let Some(quote) = rest.get(at..).and_then(|r| r.chars().next()) else { break };
        let inside = rest.get(at + 1..).unwrap_or_default();
        // A text ends at its quote or with its line; a quote that opens nothing must not swallow the next one.
        let end = inside.find([quote, '\n']).unwrap_or(inside.len());
        let literal = inside.get(..end).unwrap_or_default();
        if let Some(address) = address(literal) {
            scan.link(address);
            let closed = inside.get(end..).is_some_and(|r| r.starts_with(quote));
            rest = inside.get(end + usize::from(closed)..).unwrap_or_default();
        } else {
            rest = inside;
        }
    }
}

/// The address in a text of a script; what is put in at run time (`${id}`) ends it.
fn address(literal: &str) -> Option<&str> {
    let literal = literal.split("${").next().unwrap_or_default().trim();
    let path = literal.starts_with('/') && !literal.starts_with("//");
    let whole = literal.starts_with("http://") || literal.starts_with("https://");
    let relative = RELATIVE.iter().any(|start| literal.starts_with(start));
    let fine = literal.len() > 1
        && literal.len() <= LONGEST
        && literal.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~%:@!&=?,;+$".contains(&b));
    (fine && (path || whole || relative)).then_some(literal)
}

/// Paths that a `robots.txt` names (RFC 9309), and the lists of pages; what stands for many paths is cut before its star.
pub(super) fn robots(text: &str) -> Scan {
    let mut scan = Scan::default();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = name.trim().to_ascii_lowercase();
        if matches!(name.as_str(), "allow" | "disallow" | "sitemap") {
            let value = value.trim();
            scan.link(value.split(['*', '$']).next().unwrap_or_default());
        }
    }
    scan
}

/// Addresses in a list of pages (`<loc>` of a sitemap).
pub(super) fn sitemap(text: &str) -> Scan {
    let mut scan = Scan::default();
    for part in text.split("<loc>").skip(1) {
        scan.link(part.split('<').next().unwrap_or_default());
    }
    scan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_forms_and_scripts_of_a_page_are_found() {
        let scan = page(
            r##"<a href="/admin">x</a><a href='#top'>t</a><link rel=icon href=/i.png><link rel=service-desc href=/d>
            <script src="app.js?v=2"></script><button onclick="location='/service/menu'">Service</button>
            <script>fetch("/api/v1/status"); fetch(`/api/v1/pumps/${id}/doses`); let a = "it's /not"; get('api/x')</script>
            <div data-url="/hidden"></div><iframe src=frame.html></iframe>"##,
        );
        assert_eq!(scan.scripts, ["app.js?v=2"]);
        assert_eq!(
            scan.links,
            [
                "/admin",
                "/d",
                "frame.html",
                "/api/v1/status",
                "/api/v1/pumps/",
                "api/x",
                "/service/menu",
                "/hidden"
            ]
        );
        assert!(!scan.cut && !scan.builds);
        assert!(page("<script>x.innerHTML = y</script>").builds);
        assert!(script("t={type:\"password\"}").builds && !script("fetch('/x')").builds);
    }

    #[test]
    fn what_acts_is_told_from_what_only_shows() {
        for path in [
            "/reboot",
            "/pump/startDose",
            "/cgi-bin/cmd?x=1",
            "/relay/0?turn=on",
            "/set_time",
            "/firmware/update",
            "/device/doUpdate",
            "/alarm/ack",
            "/list?delete=3",
            "/reset-password",
        ] {
            assert_eq!(follow(path), Follow::Spare, "{path}");
        }
        for path in ["/", "/settings", "/status", "/app.js?v=3", "/index.html?lang=de", "/once", "/addresses"]
        {
            assert_eq!(follow(path), Follow::Ask, "{path}");
        }
        assert_eq!(follow("/Logout"), Follow::Leaves);
        assert_eq!(follow("/logout?all=1"), Follow::Spare);
        assert_eq!(follow("/logo.PNG"), Follow::Asset);
        assert_eq!(follow("/login?next=/admin"), Follow::Spare);
        assert_eq!(follow_sent("/login?next=/admin"), Follow::Ask);
        assert_eq!(follow_sent("/stop?x"), Follow::Spare);
    }

    #[test]
    fn lists_of_pages_are_read() {
        assert_eq!(
            robots("User-agent: *\nDisallow: /service/ # hidden\nAllow: /a*b\nSitemap: https://x.test/s.xml")
                .links,
            ["/service/", "/a", "https://x.test/s.xml"]
        );
        assert_eq!(
            sitemap("<url><loc>https://x.test/a</loc></url><loc>/b</loc>").links,
            ["https://x.test/a", "/b"]
        );
    }

    #[test]
    fn rubbish_ends_and_is_bounded() {
        for rubbish in
            ["\"", "'/", "`/${", "<script", "<script>", "<script></script", "é\"/é\"", "\"/a\n\"/b"]
        {
            let _ = (page(rubbish), script(rubbish), robots(rubbish), sitemap(rubbish));
        }
        let many = "\"/a\"".repeat(50_000);
        let scan = script(&many);
        assert!(scan.links.len() == MANY && scan.cut);
        let _ = script(&"\"'`".repeat(100_000));
        let _ = page(&"<script>".repeat(50_000));
        let _ = script(&"\"/".repeat(100_000));
    }
}
