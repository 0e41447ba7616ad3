title = The client accepts a certificate for another name
why = Anybody can get a true certificate for a name of his own. Where the name is not compared, each of them is good enough to stand in for the cloud.
mend = Compare the name or address that was dialled with those in the certificate. Many libraries do this only when they are told the name, such as by `SSL_set1_host` in OpenSSL.
limits = It sees one flow at a time, with the authority of the bench in place of the true one; a client that pins its server's key refuses that as well and stays undecided.
went-on = it went on with { $far } though the certificate was for somebody else
refused = it refused a certificate for somebody else in the place of { $far }
