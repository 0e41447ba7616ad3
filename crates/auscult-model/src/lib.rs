//! The nouns of the laboratory and the algebra of verdicts; parses a scenario.
