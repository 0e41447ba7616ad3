//! The observers of live services: the only door to the network.
