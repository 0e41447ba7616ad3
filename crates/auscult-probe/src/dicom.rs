//! Looks at a DICOM node as an unknown peer.
