//! Message catalogues: turns a message and its arguments into words a person reads.
