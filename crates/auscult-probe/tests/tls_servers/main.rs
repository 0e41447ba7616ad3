//! The TLS observer against servers by others and against servers that lie, dawdle or break off.

mod flaws;
mod front;
mod openssl;
mod revocation;
mod scripted;
mod support;
