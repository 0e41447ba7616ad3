//! The auscult command: arguments, terminal and exit codes, and no logic.
fn main() {}
