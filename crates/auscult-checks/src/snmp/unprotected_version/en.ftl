title = The SNMP agent answers without protection
why =
    Versions 1 and 2c of SNMP send the community name and every value in clear, and version 3 does the same for a user without a password.
    Whoever listens learns the name, and with it may ask or set whatever the agent allows.
mend =
    Use version 3 with authentication and privacy (`authPriv`, AES), switch versions 1 and 2c off, and remove the users that the software came with.
    Where nobody monitors the device over SNMP, take the agent out.
limits =
    A version shows itself only to a name that it takes: an agent that speaks version 2c to a secret name is silent to ours.
    Whether version 3 encrypts what its own users ask cannot be seen without a login.
spoken = It answers in version { $versions }, in which nothing is protected.
unauthenticated = It answers a user of version 3 that has no password.
only-3 = It answers in version 3, and was silent to { $asked } questions in versions 1 and 2c.
silent = It said nothing in version 3 and nothing to our names, so which versions it speaks is not known.
not-all = Not all older versions were asked.
