title = The SSH server accepts a weak key exchange
why = The key exchange protects everything that follows, and what is recorded today can be opened when its method falls. A group of 1024 bits is within reach of those who can afford the computing, and SHA-1 no longer resists collisions.
mend = Offer only methods with SHA-2 and groups of at least 2048 bits or the usual curves, such as `curve25519-sha256`, a hybrid with ML-KEM or sntrup761, and `diffie-hellman-group16-sha512`.
limits = The list is judged that the server sends to everybody. The size of the group in `diffie-hellman-group-exchange-sha256` is not asked for.
weak = it offers { $names }
unknown = it offers { $names }, of which nothing is known here
none = it offers nothing
sound = it offers only { $names }
