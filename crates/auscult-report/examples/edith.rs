//! Writes the reports of the invented world of the tests into a folder, to look at them while working on a template.
//!
//! `cargo run -p auscult-report --example edith -- FOLDER`

use std::path::PathBuf;

#[path = "../tests/reports/edith/mod.rs"]
mod edith;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| "target/reports".into()));
    std::fs::create_dir_all(&folder)?;
    let catalogue = edith::catalogue();
    let (before, after) = (edith::status_quo(), edith::target());
    for (name, assessment, before) in [
        ("status-quo", &before, None),
        ("target", &after, Some(&before)),
        ("large", &edith::large(), None),
        ("twenty", &edith::crowded(20), None),
        ("crowded", &edith::crowded(40), None),
        ("bare", &edith::bare(), None),
        ("passed", &edith::passed(), Some(&after)),
    ] {
        std::fs::write(
            folder.join(format!("{name}.html")),
            auscult_report::html::write(assessment, before, &catalogue),
        )?;
        std::fs::write(folder.join(format!("{name}.json")), auscult_report::json::write(assessment))?;
    }
    Ok(())
}
