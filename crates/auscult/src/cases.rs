//! `auscult judge`, `verify`, `report` and `diff`: what can be done with evidence that is there already.

use auscult_casefile::{CaseFile, Reader, Tail};
use auscult_engine::{Case, Loaded, Proof, Verdicts};
use auscult_model::Message;
use auscult_text::Catalogue;
use jiff::Timestamp;

use crate::args::{Diff, Judge, Report, Verify};
use crate::stop::{Done, Stop};
use crate::{console, inputs, tell};

/// Computes every verdict again, offline.
pub(crate) fn judge(args: &Judge, catalogue: &Catalogue) -> Done {
    tell::one_on_stdout(&args.telling.reporters, catalogue)?;
    let Loaded { scenario, catalog, evidence } = auscult_engine::load(&args.case)?;
    let assessment = auscult_engine::judge(&scenario, &catalog, &evidence);
    drop(evidence);
    let said = match Reader::open(&args.case)?.open_assessment()? {
        None => "cli.judged-first",
        Some(stated) => match auscult_engine::differs(&assessment, stated) {
            Ok(None) => "cli.judged-same",
            Ok(Some(_)) => "cli.judged-otherwise",
            Err(e) => return Err(Stop::io(&args.case.join("assessment.json"), &e)),
        },
    };
    if args.write && said != "cli.judged-same" {
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
    let Proof { case, verdicts } = auscult_engine::prove(&args.case)?;
    let chain = Message::new("cli.verified-chain")
        .with("records", case.records)
        .with("artifacts", case.artifacts)
        .with("head", &case.head);
    let verdicts = match verdicts {
        Verdicts::Same => Message::new("cli.verified-verdicts"),
        Verdicts::None => Message::new("cli.verified-no-assessment"),
        Verdicts::OtherChecks(checks) => Message::new("cli.verified-other-checks")
            .with("version", checks.version)
            .with("digest", checks.digest),
    };
    let tail = match case.tail {
        Tail::Sealed => Message::new("cli.tail-sealed"),
        Tail::SealedUpTo { assessed } => Message::new("cli.tail-sealed-up-to").with("assessed", assessed),
        Tail::Open => Message::new("cli.tail-open"),
    };
    let lines: Vec<_> = [chain, verdicts, tail].iter().map(|m| catalogue.say(m) + "\n").collect();
    console::result(&lines.concat())?;
    Ok(0)
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
