title = The SSH server takes passwords for root
why = Passwords are guessed by programs that try every device they can reach, day and night, and passwords of products are found in lists. Whoever becomes root decides what the device measures, shows and delivers, and leaves no trace.
mend = Switch password and keyboard-interactive logins off for every privileged account (in OpenSSH `PasswordAuthentication no` and `KbdInteractiveAuthentication no`, in Dropbear `-s`) and give each administrator a key.
limits = The methods are asked for that the server names for `root`; no password is tried. Some servers name a method and refuse it to root whatever the password (OpenSSH with `PermitRootLogin prohibit-password`); other administrators can then still be guessed. A server can name other methods for other accounts.
open = root is let in without any proof
offered = for root it names { $methods }
keys = for root it names only { $methods }
none = for root it names no method at all
