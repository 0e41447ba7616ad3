//! Tells an assessment in the formats asked for, and what it comes to.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use auscult_model::Message;
use auscult_model::assessment::Assessment;
use auscult_report::{html, json, terminal};
use auscult_text::Catalogue;

use crate::args::{Format, Reporter, Telling};
use crate::console;
use crate::stop::{Done, Stop};

/// Refuses two reports on standard output before any work is done.
pub(crate) fn one_on_stdout(reporters: &[Reporter], catalogue: &Catalogue) -> Result<(), Stop> {
    if reporters.iter().filter(|r| r.file.is_none()).count() > 1 {
        return Err(Stop::usage(catalogue.word("cli.two-on-stdout")));
    }
    Ok(())
}

/// Writes every report asked for; the terminal report to standard output where nothing is asked for.
pub(crate) fn reports(
    assessment: &Assessment,
    before: Option<&Assessment>,
    reporters: &[Reporter],
    catalogue: &Catalogue,
) -> Result<(), Stop> {
    let human = [Reporter { format: Format::Human, file: None }];
    let reporters = if reporters.is_empty() { &human[..] } else { reporters };
    for reporter in reporters {
        let text = match reporter.format {
            // Written piece by piece: it can be as large as everything else together.
            Format::Json => None,
            Format::Html => Some(html::write(assessment, before, catalogue)),
            Format::Human => Some({
                let mut options = console::options();
                options.color &= reporter.file.is_none();
                match before {
                    Some(before) => terminal::write_diff(before, assessment, catalogue, &options),
                    None => terminal::write(assessment, catalogue, &options),
                }
            }),
        };
        let text = |out: &mut dyn Write| match &text {
            Some(text) => out.write_all(text.as_bytes()),
            None => json::write_to(assessment, out),
        };
        match &reporter.file {
            Some(file) => {
                write_with(file, text)?;
                console::aside(&catalogue.say(&Message::new("cli.wrote").with("file", file.display())));
            }
            None => console::result_with(text)?,
        }
    }
    Ok(())
}

/// The exit code of an assessment.
pub(crate) fn outcome(assessment: &Assessment, telling: &Telling) -> u8 {
    match auscult_engine::outcome(assessment, telling.fail_on).code() {
        1 | 3 if telling.exit_zero => 0,
        code => code,
    }
}

/// All reports, then the exit code.
pub(crate) fn all(assessment: &Assessment, telling: &Telling, catalogue: &Catalogue) -> Done {
    reports(assessment, None, &telling.reporters, catalogue)?;
    Ok(outcome(assessment, telling))
}

/// Writes a file as a whole: a report that is there is a complete one.
///
/// What is there and is no ordinary file, such as a device or a pipe, is written to and not replaced.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), Stop> {
    write_with(file, |out| out.write_all(text.as_bytes()))
}

/// As [`write`], piece by piece.
fn write_with(file: &Path, text: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
    let failed = |e: io::Error| Stop::environment(format!("`{}`: {e}", file.display()));
    let fill = |path: &Path| {
        let mut out = BufWriter::new(std::fs::File::create(path)?);
        text(&mut out)?;
        out.flush()
    };
    if std::fs::symlink_metadata(file).is_ok_and(|meta| !meta.is_file()) {
        return fill(file).map_err(failed);
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    fill(beside).and_then(|()| std::fs::rename(beside, file)).map_err(failed)
}
