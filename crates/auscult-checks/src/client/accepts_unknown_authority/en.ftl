title = The client accepts a certificate of an unknown authority
why = Who can found an authority of his own, and everybody can, is then taken for the cloud. What looks like checked is not.
mend = Check the chain up to an authority of your own list, not only that there is a chain. Do not add authorities from the connection itself to the trusted ones.
limits = It sees one flow at a time, with the authority of the bench in place of the true one; a client that pins its server's key refuses that as well and stays undecided.
went-on = it went on with { $far } though the certificate was of an authority that it does not know
refused = it refused a certificate of an unknown authority in the name of { $far }
