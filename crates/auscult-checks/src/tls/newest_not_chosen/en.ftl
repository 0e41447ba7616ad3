title = The service does not choose the newest version of TLS
why =
    A server that knows TLS 1.3 and still settles for less gives every connection the weaker protection, although both sides could do better.
    Vital signs and logins then travel under rules that were improved years ago.
mend =
    Let the server choose the highest version that both sides know; that is the default of current TLS libraries.
    Look for a forced version, a proxy in front of the server or a compatibility switch that holds it back.
limits =
    It offers TLS 1.0 to 1.3 together, once, as a common client does.
    A server that decides by other features of the client may choose otherwise for another one.
newest = It chooses { $chosen }, the newest version that it accepts.
older = Offered all versions, it chooses { $chosen }, although it accepts { $newer }.
unanswered = It chooses { $chosen }; whether it accepts a newer version gave no clear answer.
contradiction = It chooses { $chosen } when all are offered, but refused that version by itself.
