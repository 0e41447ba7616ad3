//! The lists of usual paths and well-known credentials, and the rules that prove what a page is.

/// Lines of an embedded list that say something.
fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'))
}

/// A page for developers or a file that is no part of the site.
#[derive(Clone, Copy, Debug)]
pub(super) struct DebugPage {
    pub(super) path: &'static str,
    pub(super) what: &'static str,
    proof: &'static str,
}

impl DebugPage {
    /// Whether a body proves to be it.
    pub(super) fn proven_by(&self, body: &str, html: bool) -> bool {
        self.proof.split(" & ").all(|part| match part.trim() {
            "@git-head" => git_head(body),
            "@assignments" => !html && assignments(body) >= 2,
            "@password-lines" => !html && password_lines(body),
            "@ds-store" => body.starts_with("\0\0\0\u{1}Bud1"),
            word => body.contains(word),
        })
    }
}

/// Pages that no product shows to strangers.
pub(super) fn debug_pages() -> impl Iterator<Item = DebugPage> {
    lines(include_str!("../../data/debug-pages.csv")).filter_map(|line| {
        let mut columns = line.splitn(3, '|').map(str::trim);
        Some(DebugPage { path: columns.next()?, what: columns.next()?, proof: columns.next()? })
    })
}

/// Usual places of management pages.
pub(super) fn admin_paths() -> impl Iterator<Item = &'static str> {
    lines(include_str!("../../data/admin-paths.csv"))
}

/// Folders that are asked for a listing.
pub(super) fn listing_paths() -> impl Iterator<Item = &'static str> {
    lines(include_str!("../../data/listing-paths.csv"))
}

fn git_head(body: &str) -> bool {
    let line = body.trim_end();
    line.starts_with("ref: refs/")
        || (matches!(line.len(), 40 | 64) && line.chars().all(|c| c.is_ascii_hexdigit()))
}

/// Lines that set a variable of the environment.
fn assignments(body: &str) -> usize {
    body.lines()
        .filter(|line| {
            line.trim_start_matches("export ").split_once('=').is_some_and(|(name, _)| {
                name.len() >= 3
                    && name.starts_with(|c: char| c.is_ascii_uppercase())
                    && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            })
        })
        .count()
}

/// Whether every line is a user with a hashed password.
fn password_lines(body: &str) -> bool {
    let mut lines = body.lines().filter(|l| !l.trim().is_empty()).peekable();
    lines.peek().is_some()
        && lines.all(|line| {
            line.split_once(':').is_some_and(|(user, hash)| {
                !user.is_empty()
                    && !user.contains(char::is_whitespace)
                    && (hash.starts_with('$') || hash.starts_with("{SHA}") || hash.trim().len() == 13)
            })
        })
}

/// Which listing of a folder a page is, if any.
pub(super) fn listing(html: &str, title: &str) -> Option<&'static str> {
    let lower = html.to_ascii_lowercase();
    if title.starts_with("index of /") {
        return lower.contains("<a href=").then_some("index-of");
    }
    if title.starts_with("directory listing for") && lower.contains("<a href=") {
        return Some("directory-listing-for");
    }
    if lower.contains("[to parent directory]") {
        return Some("iis-listing");
    }
    lower.contains("<pre>\n<a href=").then_some("bare-list-of-links")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::credentials::known_accounts;

    #[test]
    fn the_lists_are_whole() {
        assert_eq!(debug_pages().count(), 20);
        assert!(debug_pages().all(|p| p.path.starts_with('/') && !p.what.is_empty() && !p.proof.is_empty()));
        assert!(admin_paths().chain(listing_paths()).all(|p| p.starts_with('/')));
        let mut by_user = BTreeMap::<_, u32>::new();
        for account in known_accounts() {
            *by_user.entry(account.user.clone()).or_default() += 1;
        }
        assert!(by_user.values().all(|n| *n <= 3));
        assert_eq!(known_accounts().count(), 10);
    }

    #[test]
    fn files_are_proven_by_what_they_hold() {
        let page = |path| debug_pages().find(|p| p.path == path).unwrap();
        assert!(page("/.git/HEAD").proven_by("ref: refs/heads/main\n", false));
        assert!(!page("/.git/HEAD").proven_by("<html>ref: refs/", true));
        assert!(page("/.env").proven_by("DB_HOST=x\nDB_PASSWORD=y\n", false));
        assert!(!page("/.env").proven_by("a = b\n", false));
        assert!(page("/.htpasswd").proven_by("admin:$apr1$x$y\n", false));
        assert!(!page("/.htpasswd").proven_by("Not found: nothing here", false));
        assert!(page("/.DS_Store").proven_by("\0\0\0\u{1}Bud1 ", false));
    }

    #[test]
    fn listings_of_common_servers_are_known() {
        assert!(listing("<h1>Index of /</h1><pre><a href=\"../\">../</a>", "index of /").is_some());
        assert!(listing("<ul><li><a href=\"x\">x</a>", "directory listing for /").is_some());
        assert!(listing("<pre>\n<a href=\"x\">x</a>\n</pre>", "").is_some());
        assert!(listing("<a href=\"/\">Home</a>", "our index").is_none());
        assert!(listing("<a href=\"/a\">Aspirin</a>", "index of medicines").is_none());
    }
}
