//! What an HL7 v2 receiver over MLLP takes from a stranger.
