//! DICOM upper layer (PS3.8): association and data units, well-formed or not.
