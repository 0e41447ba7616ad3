title = Passwords can be guessed without end
why =
    A program tries a hundred passwords a second until one fits; short ones and those of published lists are found in
    minutes.
mend =
    Count failed logins in the server per account and per source, and slow down or lock for a time after at most ten.
    Keep the lock away from local operation, alarms and therapy.
limits =
    Twelve wrong passwords are tried in a row, only where the scenario allows it, and only once.
    A login that slows down after more than twelve counts as unbounded; one that counts per source over longer times
    is not told from one that does not.
    With a name that was made up a login may count nothing, so that this alone shows no weakness.
unbounded = { $n } wrong passwords in a row for one account were refused, and none was answered later or by a lock: { $names }
locks = after { $n } wrong passwords the next was answered by a lock: { $names }
slows = after { $n } wrong passwords answers came later, { $last } ms instead of { $first } ms: { $names }
made-up-name = { $n } wrong passwords for a name that was made up were refused and none was answered later; name a test account that may be locked
too-few = only { $n } wrong passwords could be tried
nothing = the scenario does not allow guessing at this service; a credential with the role guess does
