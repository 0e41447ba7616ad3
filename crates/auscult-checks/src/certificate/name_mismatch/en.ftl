title = The certificate carries another name
why =
    A client that compares the name in the certificate with the one it calls would refuse this service.
    That clients work all the same often means that they do not compare, and then any certificate will do, also that of an impostor between the device and the cloud.
mend =
    Issue the certificate for the names or addresses under which the service is called, as subject alternative names; a common name alone is not looked at any more.
    In the home, where names are rare, give each device a name of its own from its serial number and let the hub check that one.
limits =
    It compares with the host names of the scenario, and with the address where none is declared.
    It cannot see whether the clients of this service really compare.
carried = The certificate carries { $name }.
other-names = The service is called { $called }, and the certificate carries { $names }.
no-names = The certificate carries no subject alternative name at all.
undeclared = The certificate carries { $names }, and the scenario declares no host name to compare it with.
many-names = The certificate carries so many names that not all were kept.
nameless = The scenario gives neither a host name nor an address to compare with.
no-certificate = The service showed no certificate.
