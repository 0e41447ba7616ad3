//! TLS hellos from SSL 2 to TLS 1.3, built byte by byte, and what a server says to them.
