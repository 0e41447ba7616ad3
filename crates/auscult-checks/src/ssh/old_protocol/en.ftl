title = The SSH server speaks version 1
why = Version 1 of SSH lets somebody on the path change what is sent and take over the session, and its attacks are twenty years old. Whoever administers the device then does so for the attacker too.
mend = Switch version 1 off, or replace the SSH server by a current one. A server that has it is usually so old that it holds other faults as well.
limits = It believes what the server says in its greeting; no session of version 1 is opened.
only = it speaks version { $version } alone
both = it calls itself version { $version }, which stands for 1 and 2
second = it calls itself version { $version }
unknown = it calls itself version `{ $version }`, which is none that is known
