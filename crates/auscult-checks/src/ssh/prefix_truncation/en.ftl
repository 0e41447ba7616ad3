title = Messages can be cut out of the beginning of an SSH session
why = Somebody on the path can remove the first encrypted messages without either side noticing (Terrapin, CVE-2023-48795), and so switch off extensions that protect the login.
mend = Update the SSH server to a version with strict key exchange (OpenSSH 9.6, Dropbear 2024.84 or later). Until then take `chacha20-poly1305@openssh.com` and the CBC ciphers out of the list.
limits = It is told by the lists; no session is attacked. Clients need the update as well.
none = it offers no cipher
strict = it announces strict key exchange
not-concerned = it offers no cipher that the attack works on
exposed = it offers { $names } without strict key exchange
