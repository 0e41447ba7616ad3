//! What a FHIR API tells and grants to a stranger.
