title = The CoAP server is an amplifier
why =
    Over UDP the sender of a question can be made up.
    A server that answers with much more than it is asked floods somebody else on behalf of whoever asks, and the device's own link along with it.
mend =
    Keep the answer to `/.well-known/core` below three times the question: split it in blocks, or give it only over DTLS or OSCORE.
    Limit the rate of answers to one address (RFC 7252, section 11.3).
limits =
    It compares one question for the list of resources with the first datagram of the answer, headers of IP and UDP aside; whether repeated questions are slowed down is not tried.
large = To { $asked } bytes it answers { $answered } bytes.
small = To { $asked } bytes it answers { $answered } bytes.
unmeasured = The sizes of question and answer are not known.
