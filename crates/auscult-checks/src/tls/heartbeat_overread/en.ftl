title = The service gives away its memory in heartbeats (Heartbleed)
why =
    A heartbeat asks the other end to send some bytes back, and says how many there are.
    Who believes that number sends up to 64 KiB of its memory along: passwords, keys and patient data of whoever was served before, to any stranger and without a trace (CVE-2014-0160).
mend =
    Update the TLS library (OpenSSL 1.0.1g and later are sound), or build it without heartbeats.
    Then replace every key, certificate and password that was in the memory of the service, and end all sessions.
limits =
    The request announces four bytes more than it holds, which are counted and dropped; how far memory could be read is not tried.
    It is asked before the handshake is over; heartbeats within a session are not tried, nor is DTLS.
length-ignored = It answered a heartbeat that announced four bytes more than it held, and sent as many of its own along.
unanswered = It agreed to heartbeats and answered not even a right one during the handshake.
not-offered = It does not agree to heartbeats.
length-checked = It answers right heartbeats and drops those that announce more than they hold.
padding-ignored = It answers heartbeats with too little padding, and drops those that announce more than they hold.
only-tls13 = It accepts TLS 1.3 only; the flaw is one of older versions.
