//! One module per report format; each reads an assessment and nothing else.
