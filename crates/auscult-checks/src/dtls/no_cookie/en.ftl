title = The DTLS service asks for no proof of the address
why =
    The sender of a datagram can be made up.
    A server that begins to work and to send certificates at the first hello can be misused to flood others, and can be worn out by anybody.
mend =
    Switch the exchange of cookies on (HelloVerifyRequest, RFC 6347, section 4.2.1); in OpenSSL this is `SSL_OP_COOKIE_EXCHANGE`.
limits =
    It looks at the first answer to a hello; a server that asks for cookies only under load looks as if it never did.
cookie = It wants its cookie back before it does any work.
no-cookie = To a first hello of { $asked } bytes it answers { $answered } bytes without a proof of the address.
refused = It asks for no cookie, and agreed to no hello, so that it is not known how much it would send.
