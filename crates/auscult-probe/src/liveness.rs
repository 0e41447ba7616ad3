//! Asks a node whether it still answers.
