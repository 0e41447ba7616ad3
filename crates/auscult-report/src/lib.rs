//! One module per report format; each reads an assessment and nothing else.
//!
//! What every format shows is gathered, ordered and escaped once in `view`; a format only lays it out.
//! Equal assessments give equal bytes: nothing here asks a clock, a locale or the environment.

mod compare;
mod escape;
pub mod html;
pub mod json;
pub mod terminal;
mod view;
mod words;

/// The texts of this crate: the name of its room and its Fluent file in English.
pub fn texts() -> (&'static str, &'static str) {
    ("report", include_str!("../text/en.ftl"))
}
