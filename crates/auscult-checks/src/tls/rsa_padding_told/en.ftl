title = The service tells how a secret was padded (ROBOT)
why =
    With suites in which the client encrypts a secret for the server's RSA key, a server that answers badly padded secrets differently can be asked until a secret of somebody else is known.
    Whoever has recorded conversations can then read them, and sign as the server, without ever having its key.
mend =
    Switch off the suites that begin with TLS_RSA; every current client can do without.
    Update the TLS library or the device in front of it that ends TLS.
limits =
    It tells answers apart by what they are (alert, end, silence), not by the time that they take.
    Four faults of a secret are tried, each in two orders of messages, and a difference is looked at three times.
    A server that asks for a client certificate in such a handshake, or names no alert, stays undecided.
tell-faults = Secrets with different faults are answered differently: a strong oracle.
tell-right = A well padded secret is answered differently than others: a weak oracle.
alike = It answers well and badly padded secrets alike.
no-rsa = It accepts no suite in which a secret is encrypted with RSA.
only-tls13 = It accepts TLS 1.3 only, which has no such suite.
