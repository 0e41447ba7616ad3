//! Reads tags, forms and links out of HTML as browsers forgive it: linear, bounded, never wrong enough to panic.

/// Most tags looked at in one page.
pub(super) const TAGS: usize = 5_000;

/// Most attributes of a tag, fields of a form, forms and links of a page.
const MANY: usize = 64;

/// Longest value of an attribute that is kept, in bytes: hidden fields of large frameworks reach some kilobytes.
const VALUE: usize = 16 << 10;

/// One tag with its attributes; names in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Tag {
    /// Value of an attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// A form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// Where it sends, as written; the page itself where nothing is written.
    pub(crate) action: String,
    /// Whether it sends by POST.
    pub(crate) post: bool,
    pub(crate) fields: Vec<Field>,
}

/// A field of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// `type` in lower case; `textarea` and `select` for those.
    pub(crate) kind: String,
    pub(crate) value: String,
}

impl Form {
    /// The password field, where it is a form to log in: one of them, and at most two other fields to fill in.
    pub(crate) fn password(&self) -> Option<&Field> {
        let mut passwords = self.fields.iter().filter(|f| f.kind == "password");
        let first = passwords.next()?;
        (passwords.next().is_none() && self.open_fields().count() <= 3).then_some(first)
    }

    /// The field for the user name, where there is one.
    pub(crate) fn user(&self) -> Option<&Field> {
        let text =
            |f: &&Field| matches!(f.kind.as_str(), "text" | "email" | "" | "tel" | "search" | "select");
        let named = |f: &&Field| {
            let name = f.name.to_lowercase();
            ["user", "login", "mail", "name", "account", "uid"].iter().any(|w| name.contains(w))
        };
        self.fields.iter().filter(text).find(named).or_else(|| self.fields.iter().find(text))
    }

    /// Fields that a person fills in.
    pub(crate) fn open_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|f| {
            !matches!(f.kind.as_str(), "hidden" | "submit" | "button" | "image" | "reset" | "checkbox")
        })
    }
}

/// Every opening tag, in order; what stands in comments, scripts and styles is left out.
pub(crate) fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while tags.len() < TAGS {
        let Some((_, after)) = rest.split_once('<') else { break };
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            rest = after;
            continue;
        }
        let (tag, after) = tag(after);
        rest = after;
        if tag.name == "script" || tag.name == "style" {
            rest = skip_raw(rest, &tag.name);
        }
        if !tag.name.starts_with('/') || tag.name == "/form" {
            tags.push(tag);
        }
    }
    tags
}

/// What follows the end of a script or style.
fn skip_raw<'a>(html: &'a str, name: &str) -> &'a str {
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("</") {
        if after.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
            return after;
        }
        rest = after;
    }
    ""
}

/// One tag after its `<`, and what follows its `>`.
pub(crate) fn tag(text: &str) -> (Tag, &str) {
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let mut tag = Tag { name: name.trim_end_matches('/').to_ascii_lowercase(), attributes: Vec::new() };
    if name.starts_with('/') {
        tag.name = name.to_ascii_lowercase();
    }
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return (tag, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (tag, after);
        }
        let end = rest
            .char_indices()
            .find(|(at, c)| c.is_ascii_whitespace() || *c == '>' || (*c == '=' && *at > 0) || *c == '/')
            .map_or(rest.len(), |(at, _)| at);
        let (name, after) = rest.split_at(end.max(rest.chars().next().map_or(0, char::len_utf8)));
        let mut value = "";
        rest = after;
        // Spaces beyond ASCII belong to names: skipped here and read again there, a page of them would take for ever.
        let space = |c: char| c.is_ascii_whitespace();
        if let Some(after) = after.trim_start_matches(space).strip_prefix('=') {
            (value, rest) = attribute_value(after.trim_start_matches(space));
        }
        if tag.attributes.len() < MANY && value.len() <= VALUE {
            tag.attributes.push((name.to_ascii_lowercase(), unescaped(value)));
        }
    }
}

/// A value, quoted or not, and what follows it.
fn attribute_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    text.split_at(text.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(text.len()))
}

/// The few character references that stand in attributes of real login pages.
fn unescaped(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    value
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#43;", "+")
        .replace("&#x2B;", "+")
        .replace("&amp;", "&")
}

/// Forms of a page. Fields outside any form make one of their own without an action, as scripts use them.
pub(crate) fn forms(tags: &[Tag]) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut loose = Form::default();
    let mut inside = false;
    for tag in tags {
        match tag.name.as_str() {
            "form" if forms.len() < MANY => {
                inside = true;
                forms.push(Form {
                    action: tag.get("action").unwrap_or_default().to_owned(),
                    post: tag.get("method").is_some_and(|m| m.eq_ignore_ascii_case("post")),
                    fields: Vec::new(),
                });
            }
            "/form" => inside = false,
            "input" | "textarea" | "select" => {
                let kind = match tag.name.as_str() {
                    "input" => tag.get("type").unwrap_or_default().to_ascii_lowercase(),
                    other => other.to_owned(),
                };
                let name = tag.get("name").or_else(|| tag.get("id")).unwrap_or_default().to_owned();
                let field = Field { name, kind, value: tag.get("value").unwrap_or_default().to_owned() };
                let form = if inside { forms.last_mut() } else { Some(&mut loose) };
                if let Some(form) = form.filter(|f| f.fields.len() < MANY) {
                    form.fields.push(field);
                }
            }
            _ => {}
        }
    }
    if !loose.fields.is_empty() {
        forms.push(loose);
    }
    forms
}

/// Links and addresses of scripts, styles and pictures on a page, as written.
pub(crate) fn links(tags: &[Tag]) -> Vec<&str> {
    tags.iter()
        .filter_map(|t| match t.name.as_str() {
            "a" | "link" | "area" => t.get("href"),
            "script" | "img" | "iframe" | "frame" => t.get("src"),
            _ => None,
        })
        .filter(|l| !l.is_empty() && l.len() <= 300)
        .take(MANY)
        .collect()
}

/// Where `<meta http-equiv=refresh>` sends the browser.
pub(crate) fn refresh(tags: &[Tag]) -> Option<&str> {
    let meta = tags.iter().find(|t| {
        t.name == "meta" && t.get("http-equiv").is_some_and(|h| h.eq_ignore_ascii_case("refresh"))
    })?;
    let (_, target) = meta.get("content")?.split_once(';')?;
    let (word, address) = target.split_once('=')?;
    word.trim().eq_ignore_ascii_case("url").then(|| address.trim().trim_matches(['"', '\'']))
}

/// What `<meta name=generator>` says.
pub(crate) fn generator(tags: &[Tag]) -> Option<&str> {
    tags.iter()
        .find(|t| t.name == "meta" && t.get("name").is_some_and(|n| n.eq_ignore_ascii_case("generator")))?
        .get("content")
}

/// Text of the first `<title>`, in lower case.
pub(crate) fn title(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    lower
        .split_once("<title")
        .and_then(|(_, after)| after.split_once('>'))
        .map(|(_, after)| after.split_once('<').map_or(after, |(title, _)| title))
        .map(|title| title.trim().chars().take(200).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_form_is_read_as_browsers_read_it() {
        let html = r#"<!-- <form><input type=password></form> --><script>"<input type=password>"</script>
            <FORM Action='/do?x=1&amp;y=2' method="POST"><input name=csrf type=hidden value="a&quot;b">
            <input NAME=username><input type=PASSWORD name="pw"/><button>Go</button></FORM><input name=q>"#;
        let forms = forms(&tags(html));
        assert_eq!(forms.len(), 2);
        assert_eq!(forms[0].action, "/do?x=1&y=2");
        assert!(forms[0].post);
        assert_eq!(forms[0].password().unwrap().name, "pw");
        assert_eq!(forms[0].user().unwrap().name, "username");
        assert_eq!(forms[0].fields[0].value, "a\"b");
        assert_eq!(forms[1].fields[0].name, "q");
    }

    #[test]
    fn a_form_for_settings_with_a_password_is_no_login() {
        let html = "<form method=post><input name=ssid><input name=psk type=password><input name=ip><input name=dns>";
        assert_eq!(forms(&tags(html))[0].password(), None);
    }

    #[test]
    fn refresh_and_title_are_found() {
        let html =
            r#"<TITLE> Index of / </TITLE><meta http-equiv="Refresh" content="0; URL='https://a.test/x'">"#;
        assert_eq!(refresh(&tags(html)), Some("https://a.test/x"));
        assert_eq!(title(html), "index of /");
    }

    #[test]
    fn rubbish_ends() {
        for rubbish in
            ["<", "<a", "<a =", "<a ='", "< a>", "<!--", "<script>", "</", "<a/ /=é é=", "<input type=\""]
        {
            let _ = forms(&tags(rubbish));
        }
        let _ = tags(&"<a ".repeat(100_000));
        let _ = tags(&format!("<a {}", "\u{a0} ".repeat(100_000)));
        let _ = tags(&"<!--".repeat(100_000));
        let _ = tags(&format!("<script>{}", "</".repeat(100_000)));
    }
}
