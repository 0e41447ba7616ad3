title = The service accepts an obsolete version of TLS
why =
    SSL and TLS before version 1.2 have known attacks and are withdrawn.
    Someone on the same network can push the connection down to such a version and then read or change what it carries, for example vital signs or a login.
    The patient and the clinic notice nothing of it.
mend =
    Switch off SSL 2, SSL 3, TLS 1.0 and TLS 1.1 in the server and allow TLS 1.2 and 1.3 only.
    Where an old device in the field needs an older version, put a gateway in front of that device rather than leaving the door open for everybody.
    Make sure that an update or a factory reset does not bring the old versions back.
limits =
    It offers each version in a handshake of its own and stops after the first answer; it does not attack anything.
    A server that treats other clients or other addresses differently may accept there what it refused here.
accepted = It accepts { $versions }.
refused = It refuses SSL 2, SSL 3, TLS 1.0 and TLS 1.1.
unanswered = It gave no clear answer to { $versions }, and refused the other obsolete versions.
refuses-everything = It refused every version of TLS, the current ones too, so that its refusals show nothing.
