title = The service does not notice a forced downgrade
why =
    Some clients try again with an older version when a connection fails, and an attacker can make it fail on purpose.
    A server that knows the signal for this (RFC 7507) ends such a connection; one that does not goes on with the weaker version, and nobody learns of it.
mend =
    Use a TLS library that knows TLS_FALLBACK_SCSV; all current ones do.
    Best is to leave nothing to fall back to: allow TLS 1.3 and 1.2 only.
limits =
    It sends the signal with the second newest version that the server accepts.
    It does not interfere with the connections of anybody else.
refused = It refuses a fallback that carries the signal.
accepted = It accepts a fallback to an older version although the client signals it.
no-occasion = It accepts no version to which a downgrade would be worth while.
