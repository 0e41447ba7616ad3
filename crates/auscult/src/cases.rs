//! `auscult judge`, `verify`, `report` and `diff`: what can be done with evidence that is there already.

use std::path::Path;

use auscult_casefile::{CaseFile, Tail};
use auscult_engine::Case;
use auscult_model::Message;
use auscult_text::Catalogue;
use jiff::Timestamp;

use crate::args::{Diff, Judge, Report, Verify};
use crate::stop::{Done, Stop};
use crate::{console, inputs, tell};

/// Computes every verdict again, offline.
pub(crate) fn judge(args: &Judge, catalogue: &Catalogue) -> Done {
    tell::one_on_stdout(&args.telling.reporters, catalogue)?;
    let opened = inputs::case(&args.case, catalogue)?;
    let assessment = auscult_engine::judge(&opened.scenario, &opened.catalog, &opened.evidence);
    let bytes = auscult_engine::to_json(&assessment);
    let said = match &opened.assessment {
        None => "cli.judged-first",
        Some(stated) if *stated == bytes => "cli.judged-same",
        Some(_) => "cli.judged-otherwise",
    };
    if args.write && opened.assessment.as_ref() != Some(&bytes) {
        let (file, torn) = CaseFile::open_for_append(&args.case)?;
        if let Some(torn) = torn {
            let message = Message::new("cli.torn").with("record", torn.record).with("bytes", torn.bytes);
            console::aside(&catalogue.say(&message));
        }
        Case::from(file).write_assessment(Timestamp::now(), &assessment)?;
    }
    let code = tell::all(&assessment, &args.telling, catalogue)?;
    console::aside(&catalogue.word(said));
    Ok(code)
}

/// Proves chain, files and verdicts, or names the first record that differs.
pub(crate) fn verify(args: &Verify, catalogue: &Catalogue) -> Done {
    let verified = auscult_casefile::verify(&args.case)?;
    let opened = inputs::case(&args.case, catalogue)?;
    let mut lines = catalogue.say(
        &Message::new("cli.verified-chain")
            .with("records", verified.records)
            .with("artifacts", verified.artifacts)
            .with("head", &verified.head),
    );
    lines.push('\n');
    match &opened.assessment {
        None => lines += &catalogue.word("cli.verified-no-assessment"),
        Some(stated) => {
            let assessment = auscult_engine::judge(&opened.scenario, &opened.catalog, &opened.evidence);
            let again = auscult_engine::to_json(&assessment);
            if *stated != again {
                return Err(differs(&args.case, stated, &again, catalogue));
            }
            lines += &catalogue.say(
                &Message::new("cli.verified-verdicts")
                    .with("rulings", assessment.rulings.len())
                    .with("verdict", assessment.verdict),
            );
        }
    }
    lines.push('\n');
    lines += &match verified.tail {
        Tail::Sealed => catalogue.word("cli.tail-sealed"),
        Tail::SealedUpTo { assessed } => {
            catalogue.say(&Message::new("cli.tail-sealed-up-to").with("assessed", assessed))
        }
        Tail::Open => catalogue.word("cli.tail-open"),
    };
    lines.push('\n');
    console::result(&lines)?;
    Ok(0)
}

/// Names the first byte at which a stated assessment is not the one that the evidence gives.
fn differs(case: &Path, stated: &[u8], again: &[u8], catalogue: &Catalogue) -> Stop {
    let byte = stated.iter().zip(again).take_while(|(a, b)| a == b).count();
    let line = stated[..byte].iter().filter(|b| **b == b'\n').count() + 1;
    let message = Message::new("cli.verdicts-differ")
        .with("file", case.join("assessment.json").display())
        .with("byte", byte)
        .with("line", line);
    Stop::integrity(catalogue.say(&message))
}

/// Tells an assessment that is there, beside an earlier one where that is given.
pub(crate) fn report(args: &Report, catalogue: &Catalogue) -> Done {
    tell::one_on_stdout(&args.telling.reporters, catalogue)?;
    let assessment = inputs::assessment(&args.case, catalogue)?;
    let before = args.before.as_deref().map(|b| inputs::assessment(b, catalogue)).transpose()?;
    tell::reports(&assessment, before.as_ref(), &args.telling.reporters, catalogue)?;
    Ok(tell::outcome(&assessment, &args.telling))
}

/// Tells what changed from one assessment to another.
pub(crate) fn diff(args: &Diff, catalogue: &Catalogue) -> Done {
    use crate::args::Format;
    tell::one_on_stdout(&args.reporters, catalogue)?;
    let before = inputs::assessment(&args.before, catalogue)?;
    let after = inputs::assessment(&args.after, catalogue)?;
    let (as_json, others): (Vec<_>, Vec<_>) =
        args.reporters.iter().cloned().partition(|r| r.format == Format::Json);
    if as_json.is_empty() || !others.is_empty() {
        tell::reports(&after, Some(&before), &others, catalogue)?;
    }
    for reporter in as_json {
        let diff = auscult_engine::compare(&before, &after);
        let text = serde_json::to_string_pretty(&diff).map_err(|e| Stop::environment(e.to_string()))? + "\n";
        match &reporter.file {
            Some(file) => tell::write(file, &text)?,
            None => console::result(&text)?,
        }
    }
    Ok(0)
}
