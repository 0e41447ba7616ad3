title = The client accepts a revoked certificate
why = An authority revokes a certificate when its key may be in wrong hands. A client that asks for the status of a certificate, is told by the authority that it is revoked, and goes on all the same, hands readings and passwords to whoever has the stolen key.
mend = Verify the status that the server staples, and end the connection when it says that the certificate is revoked; most TLS libraries read it only if told to. Ask for a status in every handshake. Where no status can be had, use certificates that live for days, or lists of your own authority.
limits = It is told only to clients that ask for a stapled status (OCSP); one that asks the authority itself, or reads lists, stays undecided. It sees one flow at a time, with the authority of the bench in place of the true one.
went-on = it went on with { $far } though it had asked for the status of the certificate and was told that it is revoked
refused = it refused a revoked certificate in the name of { $far }
not-told = it went on with { $far }, but did not ask for the status that says that the certificate is revoked
