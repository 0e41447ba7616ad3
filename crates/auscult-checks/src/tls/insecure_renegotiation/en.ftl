title = The service does not signal secure renegotiation
why =
    Without secure renegotiation (RFC 5746) an attacker can put a message of his own in front of what a client sends, and the server takes both for one.
    On a device that accepts commands this can put a false order before a true login.
mend =
    Use a TLS library from after 2010 with secure renegotiation switched on, or refuse renegotiation altogether.
    Better still, offer TLS 1.3, which has no renegotiation.
limits =
    It looks for the signal in the handshake; it does not start a renegotiation.
    A server that never renegotiates and does not signal it is reported too, since a client cannot tell the difference.
signalled = It signals secure renegotiation.
not-signalled = It does not signal secure renegotiation.
only-tls13 = It accepts TLS 1.3 only, which has no renegotiation.
