//! What a DICOM node grants to an unknown peer.
