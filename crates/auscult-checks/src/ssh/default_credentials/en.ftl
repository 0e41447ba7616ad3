title = The SSH server accepts a default password
why = Passwords that a product is shipped with stand in its manual and in every list that attackers use. They turn a login into a formality, on every unit that was ever sold.
mend = Ship no account with a password that two units share, and let the service stay off until its owner has set one. Remove the accounts of development and service.
limits = A password is sent only where the server names that method for the account; one that asks by keyboard-interactive alone is not tried. Ten well-known pairs are tried, no more than three for one name, and trying ends with the first that opens, at the first sign of a lock, or when time is over. That none of them works does not say that the passwords in use are good ones.
opened = the account `{ $name }` is let in with a password of the usual lists, and refused with another one
anything = an account that does not exist is let in, so no password is looked at
refused = { $tried ->
    [one] one well-known account was
   *[other] { $tried } well-known accounts were
} refused
stopped-locked = it shows a sign of locking after { $tried } of { $listed } accounts
stopped-silent = it no longer answered after { $tried } of { $listed } accounts
stopped-undecidable = after { $tried } of { $listed } accounts an answer was neither a refusal nor an opening
stopped-out-of-time = there was time for { $tried } of { $listed } accounts only
