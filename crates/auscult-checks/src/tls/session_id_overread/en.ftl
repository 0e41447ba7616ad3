title = The service gives away its memory in session ids (Ticketbleed)
why =
    Beside a session ticket the client chooses a session id, which the server sends back.
    One that always sends 32 bytes gives away up to 31 of its memory with each connection, session ids of others among them, with which their sessions can be taken over (CVE-2016-9244).
mend =
    Update the device that ends TLS, or switch session tickets off on it.
limits =
    It sends a session id of 31 bytes, so that at most one byte is given away, which is dropped.
    A server that does not take its own ticket back stays undecided.
longer = It sent back 32 bytes for a session id of 31.
declined = It did not take back the ticket that it had given, so that nothing shows.
echoed = It sent back just the session id that it was sent.
no-tickets = It gives no session tickets.
only-tls13 = It accepts TLS 1.3 only; the flaw is one of older versions.
