//! Pure judgements on facts, one folder per check.
