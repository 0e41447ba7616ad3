//! What an MQTT broker grants to a stranger.
