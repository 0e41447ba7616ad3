//! Looks at an MQTT broker as a stranger.
