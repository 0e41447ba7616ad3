//! Finds the TCP ports of a node that answer.
