//! Looks at an HL7 v2 receiver as a stranger.
