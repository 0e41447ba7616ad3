title = The client accepts an expired certificate
why = An expired certificate is no longer watched: its key may long be stolen, and its revocation is no longer told. A client that looks at no date cannot be freed of a stolen key at all.
mend = Check the period of validity of every certificate of the chain. Keep a clock that outlives a restart and is set from an authenticated source, and refuse instead of skipping the check when the clock is not set.
limits = It sees one flow at a time, with the authority of the bench in place of the true one; a client that pins its server's key refuses that as well and stays undecided.
went-on = it went on with { $far } though its certificate had expired a month ago
refused = it refused an expired certificate in the name of { $far }
