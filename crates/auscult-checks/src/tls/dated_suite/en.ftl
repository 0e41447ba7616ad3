title = The service accepts a dated cipher suite
why =
    Without forward secrecy, whoever records the traffic today and obtains the device's key later, for example from a discarded device, can read all of it; health data stays sensitive for a lifetime.
    CBC suites have been attacked again and again through small differences in timing.
mend =
    Allow only ECDHE suites with AES-GCM or ChaCha20-Poly1305 in TLS 1.2, and take out the suites that begin with TLS_RSA_WITH and those with CBC.
    If an old client in the field still needs one, name it in the technical documentation together with the date on which the suite goes.
limits =
    It looks at TLS 1.2; older versions have nothing better and are a finding of their own.
    It does not measure timing and does not try an attack.
accepted =
    { $count ->
        [one] It accepts { $suites }.
       *[other] It accepts { $count } dated suites: { $suites }.
    }
refused = It refuses an offer that holds only suites without forward secrecy or with CBC.
only-tls13 = It accepts TLS 1.3 only, whose suites all have forward secrecy and authenticated encryption.
refuses-everything = It refused every version of TLS, so that its refusals show nothing.
