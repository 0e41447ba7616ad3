title = A clinical parser does not bear malformed objects
why = HL7, DICOM and FHIR carry what is known of a patient. A receiver that dies of one broken object loses those that come after it, and nobody at the bedside sees that they are missing.
mend = Parse with bounded lengths, depths and times, and answer a malformed object with an error of the protocol (`AR` or `AE`, a rejection, a status of 4xx). Keep each object that ever broke the parser as a test.
limits = What is sent is cut, or its lengths and letters lie, so that nothing can be stored. Objects that are well-formed and senseless, and images, are not sent.
