//! The requirements, whom they concern, and the framework clauses they answer.
//!
//! Frameworks are named only here. The catalog under `catalog/` is embedded in the binary; a user lays files of
//! the same form over it.

mod requirement;

pub use requirement::{
    Applies, Aspect, By, Catalog, Clause, Condition, Framework, PerimeterTest, Relation, Requirement,
};
