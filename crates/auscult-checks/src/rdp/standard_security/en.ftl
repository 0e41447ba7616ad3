title = The RDP server accepts sessions without TLS
why = RDP's own security uses RC4 and a key that everybody knows for its signature. Somebody on the path reads screen and keys, passwords among them, and can work the device.
mend = Demand TLS with network level authentication in the settings of the server, or take RDP out of the product.
limits = The first message is sent, and the choice of the server read; no session begins.
accepted = it accepts a client that speaks nothing but RDP's own security
refused = it refuses RDP's own security (code { $code })
other = it chose a protocol that was not offered
