//! Looks at a web server as a stranger.
