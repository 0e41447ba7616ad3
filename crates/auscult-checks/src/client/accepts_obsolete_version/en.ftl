title = The client accepts TLS 1.1 or older
why = Old versions rest on MD5 and SHA-1 and on block ciphers with known attacks. Who is on the way chooses the oldest version that both ends bear.
mend = Set TLS 1.2 as the lowest version in the client's library, and leave no way back for old servers.
limits = It is played up to the client's part of the key exchange with a suite of static RSA; a client that speaks the version and offers none of these stays undecided. SSL 3 and older are not played.
went-on = it went on with { $far } in an old version ({ $plays })
refused = it refused TLS 1.1 and TLS 1.0 with { $far }
