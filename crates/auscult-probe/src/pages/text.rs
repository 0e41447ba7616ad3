//! What a reader sees of a page without scripts: blocks of text, each under its headings. Linear and bounded.

use crate::http::html::{Tag, tag};

/// Most blocks of one page, most tags, and most cells of a row; what is beyond is not read, and the page counts as cut.
const BLOCKS: usize = 2_000;
const TAGS: usize = 20_000;
const CELLS: usize = 32;

/// Most letters of headings that are carried to what stands under them, each time they change.
const CARRIED: usize = 512 << 10;

/// Longest block, and longest heading that is carried to what stands under it, in characters.
const BLOCK: usize = 2_000;
const HEADING: usize = 120;

/// Levels of headings: `h1` to `h6`, then a term of a list.
const LEVELS: usize = 7;
const TERM: usize = 6;

/// Elements whose content no reader sees, or that is no text of the page.
const UNSEEN: [&str; 11] = [
    "script", "style", "noscript", "template", "iframe", "textarea", "select", "svg", "object", "noembed",
    "xmp",
];

/// Elements without an end.
const VOID: [&str; 10] = ["br", "hr", "img", "input", "meta", "link", "wbr", "source", "col", "area"];

/// Elements before and behind which a new block begins.
const BREAKS: [&str; 32] = [
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "br",
    "hr",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "caption",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "nav",
    "aside",
    "form",
    "fieldset",
    "dl",
    "dd",
    "blockquote",
    "pre",
    "address",
    "figure",
    "figcaption",
    "details",
    "summary",
    "button",
    "body",
];

/// A stretch of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// The text, spaces made one.
    pub(super) text: String,
    /// The headings above it.
    pub(super) under: String,
}

/// What a reader sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    /// The title of the page.
    pub(super) title: String,
    /// The first headline.
    pub(super) headline: String,
    pub(super) blocks: Vec<Block>,
    /// Whether it has scripts.
    pub(super) scripts: bool,
    /// Whether something of it was not read.
    pub(super) cut: bool,
}

impl Text {
    /// Letters and digits in it.
    pub(super) fn letters(&self) -> usize {
        self.blocks.iter().map(|b| b.text.chars().filter(|c| c.is_alphanumeric()).count()).sum()
    }
}

/// Reads plain text: paragraphs between empty lines, a short line without a full stop as a heading.
pub(super) fn plain(text: &str) -> Text {
    let mut reader = Reader::default();
    let mut lines = 0;
    for line in text.lines().map(str::trim).chain([""]) {
        if line.is_empty() {
            let heading = lines == 1
                && reader.pending.chars().count() <= 80
                && !reader.pending.trim_end().ends_with(['.', '!', '?']);
            let text = settled(&reader.pending);
            reader.flush();
            if heading && !text.is_empty() {
                reader.head(0, &text);
            }
            lines = 0;
            continue;
        }
        if line.starts_with(['-', '*', '|', '\u{2022}']) {
            reader.flush();
            lines = 1;
        }
        lines += 1;
        reader.text(line.trim_start_matches('#'));
        reader.text(" ");
    }
    reader.page
}

/// Reads HTML.
pub(super) fn html(html: &str) -> Text {
    let mut reader = Reader::default();
    let mut rest = html;
    let mut tags = 0;
    while !rest.is_empty() {
        let Some((text, after)) = rest.split_once('<') else {
            reader.entities(rest);
            break;
        };
        reader.entities(text);
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if after.starts_with(['!', '?']) {
            rest = after.split_once('>').map_or("", |(_, after)| after);
            continue;
        }
        if !after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            reader.text("<");
            rest = after;
            continue;
        }
        tags += 1;
        if tags > TAGS || reader.page.blocks.len() >= BLOCKS {
            reader.page.cut = true;
            break;
        }
        let (tag, after) = tag(after);
        rest = after;
        let name = tag.name.as_str();
        if name == "title" {
            let (inside, after) = raw(rest, name);
            if reader.page.title.is_empty() {
                reader.page.title = short(&settled(&unescaped(inside)));
            }
            rest = after;
        } else if UNSEEN.contains(&name) {
            reader.page.scripts |= name == "script";
            rest = raw(rest, name).1;
        } else if is_hidden(&tag) && !VOID.contains(&name) && !name.starts_with('/') {
            match without(rest, name, &mut tags) {
                Some(after) => rest = after,
                // Where it ends is anybody's guess, so nothing is said of what is not there.
                None => {
                    reader.page.cut = true;
                    break;
                }
            }
        } else {
            reader.tag(&tag);
        }
    }
    reader.flush_row();
    reader.flush();
    reader.page
}

/// Whether a browser does not show an element.
fn is_hidden(tag: &Tag) -> bool {
    let style = tag.get("style").unwrap_or_default();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).take(500).collect();
    let style = style.to_ascii_lowercase();
    tag.get("hidden").is_some() || style.contains("display:none") || style.contains("visibility:hidden")
}

/// What stands within an element of raw text, and what follows its end.
fn raw<'a>(html: &'a str, name: &str) -> (&'a str, &'a str) {
    for (at, _) in html.match_indices("</") {
        let after = html.get(at + 2..).unwrap_or_default();
        if after.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
            let inside = html.get(..at).unwrap_or_default();
            return (inside, after.split_once('>').map_or("", |(_, after)| after));
        }
    }
    (html, "")
}

/// What follows the end of an element; `None` where that is not found.
fn without<'a>(html: &'a str, name: &str, tags: &mut usize) -> Option<&'a str> {
    let mut depth = 1;
    let mut rest = html;
    while *tags <= TAGS {
        let (_, after) = rest.split_once('<')?;
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
            continue;
        }
        if !after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            rest = after;
            continue;
        }
        *tags += 1;
        let (tag, after) = tag(after);
        rest = after;
        if UNSEEN.contains(&tag.name.as_str()) {
            rest = raw(rest, &tag.name).1;
        } else if tag.name == name {
            depth += 1;
        } else if tag.name.strip_prefix('/') == Some(name) {
            depth -= 1;
            if depth == 0 {
                return Some(rest);
            }
        }
    }
    None
}

#[derive(Default)]
struct Reader {
    page: Text,
    pending: String,
    headings: [String; LEVELS],
    /// The heading that is being read.
    heading: Option<usize>,
    /// Cells of the row that is being read, and whether each so far is a heading.
    row: Option<Vec<(String, bool)>>,
    /// Headings of the columns.
    columns: Vec<String>,
    /// Bytes of headings so far, each time they changed.
    carried: usize,
}

impl Reader {
    fn text(&mut self, text: &str) {
        self.pending.push_str(text);
    }

    fn entities(&mut self, text: &str) {
        if text.contains('&') { self.pending.push_str(&unescaped(text)) } else { self.pending.push_str(text) }
    }

    fn tag(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.heading = tag.name.get(1..).and_then(|n| n.parse::<usize>().ok()).map(|n| n - 1);
            }
            "dt" => {
                self.flush();
                self.heading = Some(TERM);
            }
            "/h1" | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" | "/dt" => self.end_heading(),
            "dd" => {
                self.end_heading();
                self.flush();
            }
            "/dl" => {
                self.flush();
                self.headings[TERM].clear();
            }
            "tr" => {
                self.flush_row();
                self.flush();
                self.row = Some(Vec::new());
            }
            "td" | "th" => {
                self.end_cell();
                if let Some(row) = &mut self.row
                    && row.len() < CELLS
                {
                    row.push((String::new(), tag.name == "th"));
                }
            }
            "/td" | "/th" => self.end_cell(),
            "/tr" => self.flush_row(),
            "table" | "/table" => {
                self.flush_row();
                self.flush();
                self.columns.clear();
            }
            name if self.row.is_none() && BREAKS.contains(&name.trim_start_matches('/')) => {
                self.end_heading_if_open(name);
                self.flush();
            }
            name if BREAKS.contains(&name.trim_start_matches('/')) => self.text(" "),
            _ => {}
        }
    }

    /// A heading that was never ended does not swallow the page.
    fn end_heading_if_open(&mut self, name: &str) {
        if self.heading.is_some() && name != "br" {
            self.end_heading();
        }
    }

    fn end_heading(&mut self) {
        let Some(level) = self.heading.take() else { return };
        let text = settled(&self.pending);
        self.flush();
        if level == 0 && self.page.headline.is_empty() {
            self.page.headline = short(&text);
        }
        self.head(level, &text);
    }

    fn head(&mut self, level: usize, text: &str) {
        for (n, heading) in self.headings.iter_mut().enumerate() {
            if n == level {
                *heading = short(text);
            } else if n > level {
                heading.clear();
            }
        }
    }

    fn end_cell(&mut self) {
        let text = settled(&self.pending);
        self.pending.clear();
        match self.row.as_mut().and_then(|row| row.last_mut()) {
            Some((cell, _)) => {
                if !cell.is_empty() && !text.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&text);
            }
            None => self.block(&text, ""),
        }
    }

    /// A row of headings names the columns of the rows below; each other cell stands beside the first of its row.
    fn flush_row(&mut self) {
        if self.row.is_none() {
            return;
        }
        self.end_cell();
        let row = self.row.take().unwrap_or_default();
        if row.is_empty() {
            return;
        }
        let whole = || row.iter().map(|(cell, _)| cell.as_str()).collect::<Vec<_>>().join(" | ");
        if row.len() > 1 && row.iter().all(|(_, head)| *head) {
            self.columns = row.iter().map(|(cell, _)| short(cell)).collect();
            self.block(&whole(), "");
        } else if self.columns.is_empty() || row.len() == 1 {
            self.block(&whole(), "");
        } else {
            let first = row.first().map(|(cell, _)| short(cell)).unwrap_or_default();
            for (n, (cell, _)) in row.iter().enumerate().skip(1) {
                let column = self.columns.get(n).cloned().unwrap_or_default();
                self.block(&format!("{first} | {cell}"), &column);
            }
        }
    }

    fn flush(&mut self) {
        let text = settled(&self.pending);
        self.pending.clear();
        self.block(&text, "");
    }

    /// Adds a block; a long one becomes several.
    fn block(&mut self, text: &str, column: &str) {
        if text.is_empty() {
            return;
        }
        let mut under: Vec<&str> =
            self.headings.iter().map(String::as_str).filter(|h| !h.is_empty()).collect();
        if !column.is_empty() {
            under.push(column);
        }
        let under = under.join(" | ");
        if self.page.blocks.last().is_none_or(|last| last.under != under) {
            self.carried += under.len();
        }
        let mut rest = text;
        while !rest.is_empty() {
            if self.page.blocks.len() >= BLOCKS || self.carried > CARRIED {
                self.page.cut = true;
                return;
            }
            let end = rest.char_indices().nth(BLOCK).map_or(rest.len(), |(at, _)| at);
            let (text, after) = rest.split_at(end);
            self.page.blocks.push(Block { text: text.to_owned(), under: under.clone() });
            rest = after;
        }
    }
}

/// The first characters of a heading.
fn short(text: &str) -> String {
    text.chars().take(HEADING).collect()
}

/// Text with single spaces, and without what has no width.
fn settled(text: &str) -> String {
    let mut settled = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !settled.is_empty() && !settled.ends_with(' ') {
                settled.push(' ');
            }
        } else if !c.is_control()
            && !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
        {
            settled.push(c);
        }
    }
    settled.truncate(settled.trim_end().len());
    settled
}

/// Character references that stand in texts in English and German; others stay as they are.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.char_indices().take(10).find(|(_, c)| *c == ';').map(|(at, _)| at);
        let known = end.and_then(|end| {
            let (name, behind) = after.split_at(end);
            Some((reference(name)?, behind.get(1..).unwrap_or_default()))
        });
        match known {
            Some((c, behind)) => {
                out.push(c);
                rest = behind;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "ndash" | "mdash" | "minus" => '-',
        "shy" => '\u{ad}',
        "commat" => '@',
        "period" => '.',
        "copy" => '©',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(page: &str) -> Vec<(String, String)> {
        html(page).blocks.into_iter().map(|b| (b.text, b.under)).collect()
    }

    fn pair(text: &str, under: &str) -> (String, String) {
        (text.to_owned(), under.to_owned())
    }

    #[test]
    fn text_stands_under_its_headings() {
        let page = "<title>T</title><h1>Cuff</h1><h2>Support</h2><p>Until&nbsp;2031.<h2>Other</h2><div>x<b>y</b></div>";
        let read = html(page);
        assert_eq!((read.title.as_str(), read.headline.as_str()), ("T", "Cuff"));
        assert_eq!(
            blocks(page),
            [
                pair("Cuff", ""),
                pair("Support", "Cuff"),
                pair("Until 2031.", "Cuff | Support"),
                pair("Other", "Cuff | Support"),
                pair("xy", "Cuff | Other"),
            ]
        );
    }

    #[test]
    fn a_cell_stands_under_its_column_and_beside_the_first_of_its_row() {
        let page = "<table><tr><th>Model<th>Sold<th>Updates until<tr><td>BP-2<td>2024<td>2031-12-31</table>";
        assert_eq!(
            blocks(page),
            [
                pair("Model | Sold | Updates until", ""),
                pair("BP-2 | 2024", "Sold"),
                pair("BP-2 | 2031-12-31", "Updates until"),
            ]
        );
        let page = "<table><tr><th>Updates until<td>2031</tr></table><dl><dt>Ends<dd>2032</dl>";
        assert_eq!(blocks(page), [pair("Updates until | 2031", ""), pair("Ends", ""), pair("2032", "Ends")]);
    }

    #[test]
    fn what_nobody_sees_is_not_read() {
        let page = "<!-- a --><script>b</script><noscript>c</noscript><p hidden>d<b>e</b></p><div style='display: none'>f\
                    <div>g</div></div><template>h</template>i";
        assert_eq!(blocks(page), [pair("i", "")]);
        assert!(html(page).scripts && !html(page).cut);
        assert!(html("<p hidden>never ended").cut);
    }

    #[test]
    fn plain_text_has_paragraphs_and_headings() {
        let read = plain("# Support period\n\nThe cuff gets\nupdates until 2031.\n\n- one\n- two\n");
        let texts: Vec<_> = read.blocks.iter().map(|b| (b.text.as_str(), b.under.as_str())).collect();
        assert_eq!(texts[0], ("Support period", ""));
        assert_eq!(texts[1], ("The cuff gets updates until 2031.", "Support period"));
        assert_eq!(texts.len(), 4);
    }

    #[test]
    fn references_are_read() {
        assert_eq!(unescaped("f&uuml;nf &#x4a; &#74; &amp;&nope; &"), "fünf J J &&nope; &");
        assert_eq!(settled(" Si\u{ad}cher \n heit\u{200b} "), "Sicher heit");
    }

    #[test]
    fn rubbish_ends_and_stays_small() {
        for rubbish in
            ["<", "</", "<a", "<title", "<script>", "<p hidden", "<tr><td", "&#", "<h1>", "<!", "<é"]
        {
            let _ = html(&rubbish.repeat(20_000));
            let _ = plain(rubbish);
        }
        let many = html(&"<table><tr><th>a<th>b<tr><td>c<td>d".repeat(5_000));
        assert!(many.blocks.len() <= BLOCKS && many.cut);
        let long = html(&format!("<h1>{}</h1>{}", "h".repeat(50_000), "x ".repeat(60_000)));
        assert!(
            long.blocks.iter().all(|b| b.text.chars().count() <= BLOCK && b.under.chars().count() <= 1_000)
        );
    }
}
