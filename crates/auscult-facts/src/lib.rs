//! The vocabulary of what can be seen on a node, one module per protocol.
