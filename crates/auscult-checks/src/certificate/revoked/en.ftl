title = The certificate is revoked
why =
    An authority revokes a certificate when its key may be in wrong hands.
    Who still shows such a certificate, or goes on trusting it, cannot be told from whoever has stolen the key.
mend =
    Replace certificate and key at once, and find out why it was revoked.
    Have the server staple a fresh status of its authority (OCSP), so that clients and this check can see that it is not revoked; an authority of your own can give a list instead, which the scenario names under `crls`.
limits =
    It sees what the server staples and the lists that the scenario names; no responder of an authority is asked, because its address is not in the scenario.
    Without either it is undecided; a status stapled for the server's certificate says nothing of the authorities above it.
listed = The list of its authority of { $date } names the server's certificate as revoked.
listed-authority = A list of { $date } names a certificate as revoked with which the server's own was issued.
stapled-revoked = The server itself staples a status of its authority that says that its certificate is revoked.
stapled-good = It staples a status of its authority, good until { $date }.
stapled-good-now = It staples a status of its authority of { $date }.
not-listed = The list of its authority of { $date } does not name it.
revoked-unverified = It staples a status that says that it is revoked, but nothing shows that its authority has signed it.
own-signature = It is signed by itself, so that there is no authority to revoke it.
stale = What is known is no longer, or not yet, valid.
unverified = It staples a status, but nothing shows that its authority has signed it.
unknown = It staples a status that does not tell.
nothing-known = It staples no status, and the scenario names no list of its authority.
