//! Codecs without I/O for what no well-kept crate offers; hostile bytes in, never a panic out.
