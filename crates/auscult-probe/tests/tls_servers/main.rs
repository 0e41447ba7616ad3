//! The TLS observer against servers by others and against servers that lie, dawdle or break off.

mod openssl;
mod scripted;
mod support;
