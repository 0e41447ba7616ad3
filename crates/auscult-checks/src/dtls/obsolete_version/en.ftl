title = DTLS 1.0 is still accepted
why =
    DTLS 1.0 is TLS 1.1 in datagrams and was withdrawn with it (RFC 8996): it rests on SHA-1 and on ciphers in CBC mode.
    Who stands between device and server can hold both to it.
mend =
    Allow DTLS 1.2 and, where the library has it, 1.3 alone.
limits =
    It says one hello that offers only version 1.0; DTLS 1.3 is not asked for.
accepted = It accepts DTLS 1.0, with { $suite }.
refused = It refuses DTLS 1.0 (alert { $alert }) and accepts 1.2.
dropped = To a hello of DTLS 1.0 it says nothing more after the cookie, which may be a refusal or a loss.
refuses-everything = It agreed to no version that was offered, so that its refusals prove nothing.
