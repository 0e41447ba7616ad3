title = The service takes a change of keys before there are keys (CVE-2014-0224)
why =
    Somebody in between tells both ends too early to go over to their keys, and both take keys made of nothing, which he knows.
    What then looks encrypted can be read and changed by him, therapy and logins included.
mend =
    Update the TLS library (OpenSSL 0.9.8za, 1.0.0m, 1.0.1h and later are sound).
limits =
    It asks the server; whether clients have the same flaw is not seen here, and both ends must have it for an attack.
    It is told by the way the server fails at the second such message; a server that names no alert stays undecided.
taken = It took a ChangeCipherSpec message right after its own hello, and tried to decrypt what came next.
refused = It ended the handshake at a ChangeCipherSpec message that came too early.
only-tls13 = It accepts TLS 1.3 only; the flaw is one of older versions.
