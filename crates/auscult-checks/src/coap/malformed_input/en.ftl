title = A CoAP server does not bear malformed datagrams
why = A datagram needs no connection and can carry any address as its sender. A sensor or gateway that dies of one can be taken away by anybody who reaches its port, without being found out, and with it the measurement or the alarm that hangs on it.
mend = Check token length, option deltas and lengths against the bytes that are there before they are used, bound the number of options, and drop or reset what breaks the rules (RFC 7252, sections 3 and 4.2). Fuzz the parser in the build, and let a supervisor start the server anew.
limits = About two dozen datagrams are sent, always the same ones, and none inside DTLS: that they are borne shows no more than that the plainest mistakes are not there. Memory that leaks is not seen.
