//! Tells an assessment in the formats asked for, and what it comes to.

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
            Format::Json => json::write(assessment),
            Format::Html => html::write(assessment, before, catalogue),
            Format::Human => {
                let mut options = console::options();
                options.color &= reporter.file.is_none();
                match before {
                    Some(before) => terminal::write_diff(before, assessment, catalogue, &options),
                    None => terminal::write(assessment, catalogue, &options),
                }
            }
        };
        match &reporter.file {
            Some(file) => {
                write(file, &text)?;
                console::aside(&catalogue.say(&Message::new("cli.wrote").with("file", file.display())));
            }
            None => console::result(&text)?,
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
    if std::fs::symlink_metadata(file).is_ok_and(|meta| !meta.is_file()) {
        return std::fs::write(file, text)
            .map_err(|e| Stop::environment(format!("`{}`: {e}", file.display())));
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    let done = std::fs::write(beside, text).and_then(|()| std::fs::rename(beside, file));
    done.map_err(|e| Stop::environment(format!("`{}`: {e}", file.display())))
}
