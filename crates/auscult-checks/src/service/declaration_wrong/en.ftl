title = The service speaks something else than is declared
why =
    The declaration is what the clinic plans its network by and what everybody's risk analysis stands on.
    If port and protocol are not what they are said to be, firewalls let the wrong things through, and a flow that is thought to be encrypted may not be.
mend =
    Find out which of the two is wrong.
    Correct the declaration and the accompanying documents, or the product, and let a test in the build compare them from now on.
limits =
    A protocol is told by its answer to a few harmless questions; it is not examined whether the whole of it is spoken correctly.
    DICOMweb looks like HTTP from outside, and so do FHIR where its capability statement is not given, HL7 within HTTP where no HL7 message comes back, and MQTT within WebSockets where the upgrade is refused; HTTP alone does not show them: the declaration is then neither confirmed nor refuted.
true = It is declared as { $declared }, and answers as { $seen }.
other = It is declared as { $declared }, but answers as { $seen }.
no-tls = It is declared to speak TLS, but answers in clear.
tls = It speaks TLS, which is not declared.
silent = It said nothing by which it could be told.
unknown = What it speaks is not known.
certificate-demanded = It speaks TLS as declared; what is inside it shows only to clients with a certificate.
no-word = The declaration names no protocol; it answers as { $seen }.
over-http = It is declared as { $declared }, and answers as { $seen }, which does not contradict that and does not show it.
beyond = It is declared as { $declared }, which cannot be told from outside; it answers as { $seen }.
undeclared = Nothing is declared of it that could be wrong.
