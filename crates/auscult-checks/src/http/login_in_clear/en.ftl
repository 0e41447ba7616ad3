title = A web login sends the password in clear
why =
    A password that crosses the air or the cable in clear belongs to everyone who listens, for as long as it is
    valid.
    People use the same one elsewhere, and the device then obeys a stranger as it obeys its owner.
mend =
    Offer the login inside TLS only, and send everyone who comes in clear to the https address before the form is
    shown.
    Let forms send to a relative address, so that they never leave TLS.
limits =
    Logins at the front page and at usual paths are seen, by Basic or by an HTML form; those made by scripts are not.
    No password is sent to find out.
in-clear = the login at { $paths } sends the password in clear
form-leaves-tls = the form at { $paths } sends the password out of TLS, to an http address
inside-tls = the login is inside TLS and stays there
all-inside-tls = the service speaks TLS, and no login that leaves it was found
sent-to-tls = the service sends everyone to TLS, and no login was found in clear
digest = the login at { $path } sends a digest in clear: the password cannot be read, but it can be guessed at leisure
form-in-clear = the form at { $path } sends to https, but the page itself comes in clear and can be changed on the way
none-found = no login was found in clear at the usual places
elsewhere-in-clear = the front page leads to another host in clear, where a login may be
incomplete = not every usual path was answered, so a login in clear may have been missed
