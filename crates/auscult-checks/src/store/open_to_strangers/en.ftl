title = The data store lets strangers in
why = A data store behind a device or a platform holds what the products have measured, and often who the patients are. If it asks nobody for a password, everybody who reaches the port can read all of it, change it or delete it, and no application above it ever notices.
mend = Demand a login (in Redis `requirepass` or access lists, in PostgreSQL `scram-sha-256` in place of `trust`, in MongoDB `authorization: enabled`, in memcached SASL), give each application an account of its own, and bind the store to the address from which it is used. Do not trust a network because it is yours.
limits = It asks one reading question as a client without a password, from the address of the instrument; what clients at other addresses are granted is not seen. MySQL knows a user before a password, so that it is asked only at intrusive, with the account `root` and an empty password. No record is read.
counted = a { $protocol } client without a password was let in, and was told of { $databases ->
    [one] one database
   *[other] { $databases } databases
}
open = a { $protocol } client without a password was let in
no-certificate = a { $protocol } client without a certificate gets no TLS session
refused = a { $protocol } client without a password was refused
unclear = a { $protocol } client without a password was given nothing, but no answer says that strangers are refused
