title = The MQTT broker accepts a default password
why = Passwords that a product is shipped with stand in its manual and in every list that attackers use. They turn a login into a formality, on every unit that was ever sold.
mend = Ship the broker without any account, or with a password made for that one unit, and do not let it go into service before it is changed. Remove the accounts of examples and guides.
limits = A handful of well-known pairs is tried, no more than three for one name, and trying ends with the first success or when the broker stops answering. That none of them works does not say that the passwords in use are good ones.
accepted = the account `{ $name }` is accepted with a password of the usual lists, and refused with another one
any-password = any password is accepted, so none of them is a default one
untried = no account was tried
refused = { $tried ->
    [one] one well-known account was
   *[other] { $tried } well-known accounts were
} refused
no-certificate = a client without a certificate gets no TLS session, so no password opens anything for a stranger
