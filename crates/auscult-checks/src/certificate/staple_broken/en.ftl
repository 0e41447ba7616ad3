title = The status that the service staples is not valid, or missing though it is promised
why =
    A stapled status tells clients that the authority has not revoked the certificate.
    One that is old, of another certificate or not signed by the authority makes careful clients refuse the service, and teaches the others not to look.
    A certificate that promises a status (must-staple) is refused without one by clients that read the promise.
mend =
    Let the server fetch its status in time and keep it over restarts; watch that it is fresh as you watch the expiry of the certificate.
    Do not order a must-staple certificate for a server that cannot staple.
limits =
    It judges what is stapled when one asks for it; a server that staples nothing and promises nothing passes.
    A status of the authorities in between (RFC 6961) is not asked for.
missing = The certificate promises a status, and the server staples none.
refused = The stapled response says only that the responder had no answer.
unreadable = What is stapled cannot be read as a response of OCSP.
other-certificate = The stapled status is not of the server's certificate.
not-signed = Nobody who may has signed the stapled status.
stale = The stapled status is no longer, or not yet, valid.
unknown = The stapled status says that the responder does not know the certificate.
unverified = Whether the authority has signed the stapled status could not be verified; name the authority under `trust_anchors`.
not-promised = It staples no status, and its certificate promises none.
valid = It staples a fresh status that its authority has signed.
