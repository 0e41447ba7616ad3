//! Looks at a TLS endpoint with hellos that no ordinary client would send.
