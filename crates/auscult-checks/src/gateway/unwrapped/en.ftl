title = The gateway passes legacy traffic on in clear
why =
    An old device that knows no encryption may stay in use because a gateway wraps what it says.
    If the gateway hands it on in clear, the device stands in the open network after all, and a pump that only listens and obeys is in everybody's reach.
mend =
    Let the gateway speak TLS with a certificate of its own towards the far end, and let the far end accept nothing else.
    Close the port in clear there, so that a wrong setting cannot bring the old way back.
limits =
    It looks at the service into which the gateway is declared to deliver, not at the traffic itself.
    The short way between device and gateway is not part of it.
wrapped = What { $from } delivers goes into a service that speaks TLS.
own-encryption = What { $from } delivers goes into a service that greets as { $protocol }, which encrypts by itself; that anything is encrypted was not seen.
clear = What { $from } delivers goes into a service that speaks { $protocol } in clear.
may-switch = The service speaks { $protocol }, which can switch to encryption; whether it insists on it was not seen.
unknown = Whether the service speaks TLS is not known.
unfinished = It answers in TLS records, but no handshake came to its end, so whether anything is protected was not seen.
