title = The RDP server does not demand network level authentication
why = Strangers then reach the login screen and the code behind it. Faults in that code have been used by worms, and the names of users can be read.
mend = Switch on that only clients with network level authentication may connect, or take RDP out of the product.
limits = The first message is sent, and the choice of the server read; no session begins and no login is tried.
tls = it begins a session inside TLS without a login before it
standard = it begins a session with RDP's own security, without a login before it
demanded = it refuses clients that do not log in before the session
other = its answers do not say whether a login before the session is demanded
