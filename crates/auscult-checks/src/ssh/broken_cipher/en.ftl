title = The SSH server accepts a broken cipher
why = Passwords, settings and measurements cross the network under this cipher. RC4, DES and MD5 have known attacks, blocks of 64 bits repeat within hours of traffic, and `none` protects nothing.
mend = Offer only `chacha20-poly1305@openssh.com`, AES in GCM or counter mode, and MACs of the SHA-2 family; in OpenSSH leave `Ciphers` and `MACs` at their defaults or shorten them.
limits = The lists are judged that the server sends to everybody, in both directions; nothing is encrypted with what is weak.
weak = it offers { $names }
unknown = it offers { $names }, of which nothing is known here
none = it offers nothing
sound = it offers nothing broken: { $names }
