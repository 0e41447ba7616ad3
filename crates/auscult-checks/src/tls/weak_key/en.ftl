title = The key in the certificate is too short
why =
    The key in the certificate is what tells the real device or service from a false one.
    If it can be computed, an attacker can pose as the service towards every other party, and nobody sees a warning.
    Medical products are in use for ten years and more, so a key that is just long enough today is not long enough.
mend =
    Issue a new certificate with an ECDSA key on P-256 or P-384, or with an RSA key of 3072 bits.
    Create the key on the device where possible, and make sure that it can be exchanged in the field.
limits =
    It looks at the service's own certificate, not at those of the authorities above it.
    It cannot see whether the same key is in other devices too.
short = The { $algorithm } key has { $bits } bits; { $least } are expected.
long = The { $algorithm } key has { $bits } bits.
unknown = The key algorithm { $algorithm } is not one whose strength can be told here.
no-certificate = The service showed no certificate.
