title = Sensitive data flows in clear text
why =
    Whoever is on the same network, at home the neighbour's guest or a cheap camera, can read along: names, vital signs, therapy.
    What can be read can as a rule also be changed on the way, and a changed reading or dose harms the patient.
mend =
    Speak TLS on this service and switch the port in clear off, at both ends of the flow.
    Where one end cannot, put a gateway directly beside it that wraps the flow, and declare the short way between the two as a cable.
limits =
    It looks at the service to which the flow is declared to go, and does not record traffic; whether data really flows there it cannot see.
    A service that is asked for TLS within its own protocol (STARTTLS and the like) is left open here.
protected = The service speaks TLS ({ $data } from { $from }).
own-encryption = The service greets as { $protocol }, which encrypts by itself; that anything is encrypted was not seen.
clear = The service speaks { $protocol } in clear; it receives { $data } from { $from }.
may-switch = The service speaks { $protocol }, which can switch to encryption; whether it insists on it was not seen.
unknown = Whether the service speaks TLS is not known.
unfinished = It answers in TLS records, but no handshake came to its end, so whether anything is protected was not seen.
