title = The service compresses what it encrypts
why =
    When data is compressed before it is encrypted, its length tells what is in it.
    The attack known as CRIME reads session cookies that way; with such a cookie a stranger acts on a portal in the name of a clinician or a patient.
mend =
    Switch TLS compression off; in current libraries it is off or gone.
    If the library cannot do without it, replace the library.
limits =
    It looks at compression within TLS, not at that of HTTP or of the data itself.
chosen = It chose a compression method.
refused = It uses no compression.
only-tls13 = It accepts TLS 1.3 only, which has no compression.
