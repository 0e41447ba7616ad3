title = The client accepts a certificate with an RSA key of 1024 bits
why = A key of 1024 bits can be broken by who has means. A client that takes one leaves the choice to the weakest certificate that its authorities ever signed.
mend = Set the security level of the TLS library so that RSA keys below 2048 bits are refused (level 2 in OpenSSL).
limits = It is played in TLS 1.2 up to the client's part of the key exchange; a client that speaks only TLS 1.3, or offers no suite with RSA, stays undecided.
went-on = it went on with { $far } though its certificate held an RSA key of 1024 bits
refused = it refused an RSA key of 1024 bits in the name of { $far }
