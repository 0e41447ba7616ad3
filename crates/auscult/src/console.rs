//! What goes to the terminal: results to standard output, everything else to standard error.

use std::io::{self, BufWriter, IsTerminal, Write};

use auscult_model::Message;
use auscult_model::scenario::Mistake;
use auscult_report::terminal::TerminalOptions;
use auscult_text::Catalogue;

use crate::args::Colour;
use crate::stop::Stop;

/// Every text that this program can say, in English.
pub(crate) fn catalogue() -> Catalogue {
    let mut texts = vec![
        ("cli", include_str!("../text/en.ftl")),
        ("lab", auscult_lab::TEXT),
        auscult_report::texts(),
        auscult_model::scenario::texts(),
    ];
    texts.extend(auscult_catalog::texts());
    texts.extend(auscult_engine::texts());
    texts.extend(auscult_checks::texts());
    Catalogue::english(&texts)
}

/// Says `--color` to every stream.
pub(crate) fn set_colour(colour: Colour) {
    match colour {
        Colour::Auto => anstream::ColorChoice::Auto,
        Colour::Always => anstream::ColorChoice::Always,
        Colour::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// Columns of the terminal: what the shell exports, else 80.
pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).unwrap_or(80);
    usize::clamp(columns, 60, 160)
}

/// How the terminal report on standard output shall look.
pub(crate) fn options() -> TerminalOptions {
    let choice = anstream::AutoStream::choice(&std::io::stdout());
    TerminalOptions { width: width(), color: choice != anstream::ColorChoice::Never }
}

/// Writes a result to standard output as it is; a reader that has gone away is no error.
///
/// # Errors
/// When the output cannot be written, such as on a full disk.
pub(crate) fn result(text: &str) -> Result<(), Stop> {
    result_with(|out| out.write_all(text.as_bytes()))
}

/// As [`result`], piece by piece.
pub(crate) fn result_with(text: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
    let mut out = BufWriter::new(io::stdout().lock());
    match text(&mut out).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Stop::environment(format!("standard output: {e}")))
        }
        _ => Ok(()),
    }
}

/// Says something beside the result; nothing depends on it.
pub(crate) fn aside(text: &str) {
    let mut err = anstream::stderr().lock();
    let _ = writeln!(err, "{}", harmless(text));
}

/// Whether progress is shown: only to a person at a terminal.
pub(crate) fn shows_progress() -> bool {
    std::io::stderr().is_terminal()
        && std::env::var_os("CI").is_none()
        && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
}

/// The same text with control characters and direction marks made visible; line ends and tabs stay.
pub(crate) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_active(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

fn is_active(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The mistakes of a scenario with the lines they stand in.
pub(crate) fn mistakes(file: &str, text: &str, found: &[Mistake], catalogue: &Catalogue) -> String {
    use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
    // Same length in bytes, so that the spans still fit.
    let source: String = text
        .chars()
        .flat_map(|c| {
            let n = if is_active(c) { c.len_utf8() } else { 1 };
            std::iter::repeat_n(if is_active(c) { '?' } else { c }, n)
        })
        .collect();
    let file = harmless(file);
    let colour = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut shown = String::new();
    for mistake in found {
        let title = harmless(&catalogue.say(&mistake.message));
        let hint = mistake.hint.as_ref().map(|h| harmless(&catalogue.say(h)));
        let start = mistake.span.start.min(source.len());
        let first_line_end = source[start..].find('\n').map_or(source.len(), |n| start + n);
        let end = mistake.span.end.clamp(start, first_line_end);
        let snippet =
            Snippet::source(&source).path(&file).annotation(AnnotationKind::Primary.span(start..end));
        let mut groups = vec![Group::with_title(Level::ERROR.primary_title(&title)).element(snippet)];
        if let Some(hint) = &hint {
            groups.push(Group::with_title(Level::HELP.secondary_title(hint)));
        }
        shown += &renderer.render(&groups);
        shown.push('\n');
    }
    shown.push_str(&catalogue.say(&Message::new("cli.mistakes").with("n", found.len()).with("file", file)));
    shown
}

/// Words wrapped at the width of the terminal; lines after the first are indented.
pub(crate) fn wrapped(first: &str, indent: usize, text: &str) -> String {
    let width = width();
    let mut lines = String::new();
    let mut line = first.to_owned();
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > width && line.trim().len() > first.trim().len() {
            lines += line.trim_end();
            lines.push('\n');
            line = " ".repeat(indent);
        } else if !line.is_empty() && !line.ends_with(' ') {
            line.push(' ');
        }
        line += word;
    }
    lines + line.trim_end() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_active_passes() {
        assert_eq!(harmless("a\u{1b}[2Jb\u{202e}c\nd"), "a\\u{1b}[2Jb\\u{202e}c\nd");
    }

    #[test]
    fn a_hostile_scenario_is_shown_without_its_escapes() {
        let text = "title = \"\u{1b}]0;x\u{7}\"\nstge = \"target\"\n";
        let found = auscult_model::scenario::parse(text).unwrap_err();
        let shown = mistakes("s.toml", text, &found, &catalogue());
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{7}'), "{shown}");
        assert!(shown.contains("s.toml:"), "{shown}");
    }
}
