title = The DNS server tells its version
why = Whoever knows the exact version knows which published weaknesses fit, without trying any.
mend = Switch the answer to `version.bind` off (`hide-version: yes` in unbound, `version none` in BIND), and keep the server up to date all the same.
limits = It asks for `version.bind` alone; other names tell the same on some servers.
told = It tells strangers “{ $version }”.
no-number = It answers “{ $version }”, which holds no number.
untold = It does not tell its version.
