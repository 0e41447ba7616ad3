title = SSH takes another kind of login than is declared
why =
    Keys that only the service holds and passwords that anybody can guess are two different doors.
    If the declaration knows only the first, nobody watches the second.
mend =
    Switch off each method that is not declared (in OpenSSH `PasswordAuthentication no` and
    `KbdInteractiveAuthentication no`), or declare it and judge the risk anew.
limits =
    The methods are those that the server names for `root`; it can name others for other accounts, and refuse later one
    that it names.
    What keyboard-interactive asks for counts as a password.
open = root is let in without any proof, where { $declared } is declared
open-as-declared = root is let in without any proof, as is declared
other = it takes { $methods }, which nobody declares
missing = it does not name what is declared: { $declared }
same = it takes what is declared and nothing else: { $methods }
