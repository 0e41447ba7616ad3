//! The terminal report as a person sees it: snapshots at two widths, no escape byte without colour.

use auscult_report::terminal::{TerminalOptions, write, write_diff, write_places};

use crate::edith;

fn plain(width: usize) -> TerminalOptions {
    TerminalOptions { width, color: false }
}

#[test]
fn status_quo_at_80_columns() {
    insta::assert_snapshot!(write(&edith::status_quo(), &edith::catalogue(), &plain(80)));
}

#[test]
fn status_quo_at_120_columns() {
    insta::assert_snapshot!(write(&edith::status_quo(), &edith::catalogue(), &plain(120)));
}

#[test]
fn difference_at_80_columns() {
    insta::assert_snapshot!(write_diff(
        &edith::status_quo(),
        &edith::target(),
        &edith::catalogue(),
        &plain(80)
    ));
}

#[test]
fn places_at_80_columns() {
    let places = [("html", "reports/edith-status-quo.html"), ("json", "case\u{1b}[2J/assessment.json")];
    insta::assert_snapshot!(write_places(&places, &edith::catalogue(), &plain(80)));
}

#[test]
fn colour_adds_nothing_but_colour() {
    let catalogue = edith::catalogue();
    let bright = write(&edith::status_quo(), &catalogue, &TerminalOptions { width: 80, color: true });
    assert!(bright.contains("\u{1b}[1;31m"));
    let mut bare = bright;
    for code in ["1;31", "33", "32", "1", "2", "0"] {
        bare = bare.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(bare, write(&edith::status_quo(), &catalogue, &plain(80)));
}

#[test]
fn nothing_to_say_is_said() {
    insta::assert_snapshot!(write(&edith::bare(), &edith::catalogue(), &plain(80)));
}

#[test]
fn no_change_is_said() {
    let passed = edith::passed();
    let diff = write_diff(&passed, &passed, &edith::catalogue(), &plain(80));
    assert!(diff.contains("No verdict changed."), "{diff}");
}

#[test]
fn every_line_fits() {
    let catalogue = edith::catalogue();
    for width in [80, 100, 120] {
        let report = write(&edith::crowded(30), &catalogue, &plain(width));
        let diff = write_diff(&edith::status_quo(), &edith::target(), &catalogue, &plain(width));
        for line in report.lines().chain(diff.lines()) {
            assert!(line.chars().count() <= width, "{line}");
        }
    }
}
