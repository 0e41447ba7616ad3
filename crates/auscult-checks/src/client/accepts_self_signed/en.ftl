title = The client accepts a self-signed certificate
why = Anybody on the way, at home a guest in the Wi-Fi, can make such a certificate in a second and stand in for the cloud. He then reads what is measured, learns the login, and can answer with false therapy.
mend = Let the TLS library check the chain against a list of authorities, and end the connection when it fails. Search the code for switches such as `verify=false`, `--insecure`, `InsecureSkipVerify` or an empty trust manager, and take them out of production builds.
limits = It sees one flow at a time, with the authority of the bench in place of the true one; a client that pins its server's key refuses that as well and stays undecided.
went-on = it went on with { $far } though its certificate was signed by nobody but itself
refused = it refused a self-signed certificate in the name of { $far }
