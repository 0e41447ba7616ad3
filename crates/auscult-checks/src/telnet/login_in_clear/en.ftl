title = A password is asked for over telnet
why = Name and password cross the network letter by letter, readable for everybody on the way, and they usually open more doors than this one.
mend = Take telnet out of the product and offer SSH with keys where remote administration is needed.
limits = Nothing is typed; that a password is asked for is enough.
tls = it is spoken to inside TLS
clear = it asks for a login, and nothing protects what is typed
none = it asks for no login at all
other = what it asks for could not be told
