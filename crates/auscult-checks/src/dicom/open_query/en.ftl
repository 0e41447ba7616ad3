title = The DICOM node answers queries of unknown peers
why = With one query a stranger learns who is examined here, when and for what, for every patient in the archive. It is the list from which images are then fetched, and the names alone are a breach.
mend = Answer C-FIND only to peers that are known by AE title, address and certificate; reject the association of all others, or answer with status 0x0124 (not authorised). Limit what each peer may search for.
limits = One query at study level is sent, for a patient id that cannot exist; what the archive holds is not looked at. Worklists and other information models are not asked.
matched = a query of an unknown peer was answered with { $pending ->
    [one] one match
   *[other] { $pending } matches
}, although no patient has that id
answered = a query of an unknown peer was answered: searched, and nothing found under an id that does not exist
refused = the query was refused (status { $status })
failed = the query failed (status { $status }), which does not say whether strangers are refused
ended = the association was ended when the query came, which may be a refusal, but does not say so
no-finder = queries are not offered to an unknown peer
ungranted = queries were not granted, but not because they are refused to strangers
no-certificate = a peer without a certificate gets no TLS session, so a stranger gets no further
no-association = an unknown calling AE title gets no association, so a stranger gets no further
unclear = the answer to the association request does not say whether strangers are refused
