title = The service accepts a broken cipher suite
why =
    Anonymous, NULL, export, RC4, DES and triple DES suites and those with MD5 give an attacker the contents, or let him pose as the device.
    An encrypted connection that uses one of them looks safe and is not: readings can be read, and settings that reach a pump or a monitor can be forged.
mend =
    Configure the server with an allow-list: in TLS 1.2 only ECDHE suites with AES-GCM or ChaCha20-Poly1305, in TLS 1.3 the standard ones.
    Leave out everything that is anonymous or named NULL, EXPORT, RC4, DES, 3DES or MD5, and check the list again after each update of the TLS library.
limits =
    It offers the broken suites that have a number; suites of a maker's own make are not known to it.
    One accepted suite is enough to fail, so the list need not be complete.
accepted =
    { $count ->
        [one] It accepts { $suites }.
       *[other] It accepts { $count } broken suites: { $suites }.
    }
refused = It refuses an offer that holds broken suites only.
only-tls13 = It accepts TLS 1.3 only, which has no broken suites.
refuses-everything = It refused every version of TLS, so that its refusals show nothing.
