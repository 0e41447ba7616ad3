title = The NTP server answers questions about itself
why =
    Its variables tell strangers system, version and time sources, its list of clients who else is there.
    The list is many times longer than the question, so that the server can be misused to flood others.
mend =
    Answer only requests for the time: `restrict default noquery` in ntpd, or use chrony or another client without a server.
    Where the device needs only the time, do not listen at all.
limits =
    It asks one question of mode 6 and one of mode 7, each at most twice.
clients = It gives strangers its list of clients: to { $asked } bytes it answers { $answered } bytes.
variables = It gives strangers its variables: to { $asked } bytes it answers { $answered } bytes.
silent = It answers requests for the time, and no questions about itself.
