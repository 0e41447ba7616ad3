title = The certificate does not lead to a trusted authority
why =
    A certificate proves something only if somebody whom the client trusts has vouched for it.
    Without that, device and cloud cannot tell each other from an impostor, and whoever sits in between can read and change what is exchanged.
mend =
    Have the certificate issued by an authority of the maker's or operator's own, or by a public one, and send the certificates in between along with it.
    Put the authority's certificate into the clients at the factory.
    A self-signed certificate serves only where its fingerprint is stored in every client.
limits =
    It trusts the authorities that the scenario names, and no list of an operating system.
    Validity in time and revocation are not part of this check.
anchored = The certificate leads to an authority that the scenario trusts.
self-signed = The certificate is signed by itself, and the scenario does not name it as trusted.
unknown-issuer = No authority that the scenario trusts has issued it; the last issuer named is { $issuer }.
unknown = No authority that the scenario trusts has issued it.
broken = A signature on the way to the authority does not verify, or a certificate cannot be read.
no-anchors = The scenario names no authorities to trust, so there is nothing that the certificate could lead to.
