//! What a web server tells and grants to a stranger.
