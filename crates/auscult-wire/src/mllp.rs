//! HL7 v2 over MLLP: frames, and the header of a message.
