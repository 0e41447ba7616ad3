//! The requirements, whom they concern, and the framework clauses they answer.
//!
//! Frameworks are named only here. The catalog under `catalog/` is embedded in the binary; a user lays files of
//! the same form over it.
//!
//! A folder of catalog files holds
//! - `frameworks/<id>.toml`: a [`Framework`];
//! - `ts103701.toml`: the [`PerimeterTest`]s, as `[[test]]`;
//! - `catalog.toml`: the version of the whole;
//! - any other `.toml` file: a [`Requirement`].
//!
//! Line breaks within a text count as spaces. A citation that says no relation says `intersects`.

mod canonical;
mod catalog;
mod mistake;
mod parse;
mod read;
mod requirement;

pub use catalog::{MAX_FILE, MAX_FILES};
pub use mistake::CatalogMistake;
pub use requirement::{
    Applies, Aspect, By, Catalog, Clause, Condition, Framework, PerimeterTest, Relation, Requirement,
};

/// The texts of this crate, under the room `catalog`.
pub fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    std::iter::once(("catalog", include_str!("../text/en.ftl")))
}
