title = A broken DTLS suite is accepted
why =
    Suites without encryption, without proof of who answers, or with ciphers that can be broken leave the data of the patient readable to whoever is on the way.
mend =
    Allow suites with AES in GCM or CCM mode or ChaCha20 and an ephemeral key exchange, or a key shared with one device alone; take NULL, anonymous, export, RC4, DES and 3DES suites out.
limits =
    It offers only such suites in each version that is accepted, and reads which one is chosen; the server's certificate is not looked at.
accepted = It accepts { $suite }.
refused = It refuses a hello that offers broken suites alone.
dropped = To a hello with broken suites alone it says nothing after the cookie, which may be a refusal or a loss.
refuses-everything = It agreed to no hello at all, so that its refusals prove nothing.
