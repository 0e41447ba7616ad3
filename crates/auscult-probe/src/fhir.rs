//! Looks at a FHIR API as a stranger.
