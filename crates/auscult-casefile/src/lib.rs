//! The case file: an append-only chain of evidence that a stranger can verify.
