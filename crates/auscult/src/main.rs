//! The auscult command: arguments, terminal and exit codes, and no logic.

mod args;
mod cases;
mod check;
mod console;
mod demo;
mod inputs;
mod lab;
mod learn;
mod plan;
mod secrets;
mod stop;
mod tell;

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use auscult_model::Message;
use auscult_text::Catalogue;
use clap::FromArgMatches;

use args::{Auscult, Command};
use stop::{BUG, Done, Stop, USAGE};

fn main() -> ExitCode {
    let catalogue = console::catalogue();
    let command = match args::worded(&catalogue)
        .try_get_matches()
        .and_then(|matches| Auscult::from_arg_matches(&matches))
    {
        Ok(command) => command,
        Err(error) => {
            // Help and version are results; everything else is a mistake of usage.
            let code = if error.use_stderr() { USAGE } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    console::set_colour(command.color);
    std::panic::set_hook(Box::new(|_| {}));
    let done = std::panic::catch_unwind(AssertUnwindSafe(|| run(&command.command, &catalogue)));
    let code = match done {
        Ok(Ok(code)) => code,
        Ok(Err(stop)) => {
            let text = stop.to_string();
            let said = if text.starts_with("error") { text } else { format!("error: {text}") };
            console::aside(&said);
            stop.code
        }
        Err(panic) => {
            let detail = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("?");
            console::aside(&catalogue.say(&Message::new("cli.bug").with("detail", detail)));
            BUG
        }
    };
    ExitCode::from(code)
}

fn run(command: &Command, catalogue: &Catalogue) -> Done {
    match command {
        Command::Init(args) => learn::init(args, catalogue),
        Command::Explain(args) => learn::explain(args, catalogue),
        Command::Plan(args) => plan::plan(args, catalogue),
        Command::Judge(args) => cases::judge(args, catalogue),
        Command::Verify(args) => cases::verify(args, catalogue),
        Command::Report(args) => cases::report(args, catalogue),
        Command::Diff(args) => cases::diff(args, catalogue),
        Command::Completions(args) => {
            let mut command = args::worded(catalogue);
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut command, "auscult", &mut script);
            console::result(&String::from_utf8_lossy(&script))?;
            Ok(0)
        }
        Command::Check(args) => runtime()?.block_on(check::check(args, catalogue)),
        Command::Lab(args) => runtime()?.block_on(lab::lab(args, catalogue)),
        Command::Demo(args) => runtime()?.block_on(demo::demo(args, catalogue)),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Stop> {
    let built = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    built.map_err(|e| Stop::environment(e.to_string()))
}
