//! Chores of the house: new checks and generated files.
fn main() {}
