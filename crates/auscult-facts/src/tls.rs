//! What a TLS endpoint offers, chooses, proves and demands.
