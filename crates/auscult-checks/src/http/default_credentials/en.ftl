title = A web login opens with well-known credentials
why =
    Lists of factory passwords are public, and programs that try them never sleep.
    Whoever gets in changes settings of the device, reads the patient's values, or turns the device against the
    home network.
mend =
    Give every unit a password of its own, random and not derived from its address or serial number, or let the
    owner choose one before the first use.
    Refuse empty and common passwords for good, and slow guessing down.
limits =
    At most ten pairs are tried, three for one account, on one login by Basic or by an HTML form; logins made by
    scripts and by Digest are not tried.
    A password that is the same on every unit but stands in no list is not found.
opened = the login at { $path } opened with well-known credentials: { $accounts }
anything = the login at { $path } opened with a name and a password that were invented for this run
refused = the login at { $path } refused all { $tried } well-known pairs
locked = the login at { $path } slowed down or locked after { $tried } of { $listed } pairs, and trying was ended
silent = the login at { $path } stopped answering after { $tried } of { $listed } pairs
undecidable = at { $path } a refused login could not be told from an accepted one
left-out = the login at { $path } refused all { $tried } pairs; other logins were found and not tried ({ $others })
