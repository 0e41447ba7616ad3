title = The SSH server has a weak host key
why = The host key is all by which an administrator knows that it is this device. Who can compute its private half, or forge a signature with it, can stand in the device's place and be given the password.
mend = Make an Ed25519 key, or an RSA key of at least 2048 bits, on each unit at its first start. Remove DSA keys, and switch signatures with SHA-1 off (`ssh-rsa` in the list of host key algorithms).
limits = The length is read from the public key that the server shows, one key for each kind. That a key is not among the known leaked ones is not looked at.
weak = it offers { $names }
none = it offers no kind of host key that is known here
unknown = it offers { $names }, of which nothing is known here
strong = its host keys are long enough ({ $kinds })
