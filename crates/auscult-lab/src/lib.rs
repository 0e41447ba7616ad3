//! Simulated worlds of devices, hub and cloud on loopback, each weakness a fault that can be switched.
