title = The client accepts a broken cipher suite
why = Suites with RC4, single or triple DES, export keys or no encryption at all protect nothing or next to nothing. Who stands in for the server chooses the weakest that the client offers.
mend = Offer only suites with authenticated encryption and ephemeral keys, such as those of TLS 1.3 and ECDHE with AES-GCM or ChaCha20-Poly1305.
limits = One broken suite is played, up to the client's part of the key exchange, with a key exchange of static RSA; a client that offers only broken suites of another kind stays undecided.
went-on = it went on with { $far } in a broken suite
refused = it offered { $far } no broken suite, or refused it when it was chosen
