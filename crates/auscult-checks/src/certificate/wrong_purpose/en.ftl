title = The certificate is not issued for servers
why =
    Certificates say what they are for so that one made for a device cannot stand in for a server.
    A server that uses the wrong kind teaches its clients not to look, and then every certificate of any device can pose as the cloud.
mend =
    Issue the server's certificate with the extended key usage for server authentication, and those of the devices with the one for client authentication.
    Keep the two apart in the authority's templates.
limits =
    It reads the extended key usage of the service's own certificate.
    A certificate without that extension is good for every purpose and passes.
server = The certificate is issued for servers.
other = The certificate is issued for other purposes than for servers.
unlimited = The certificate does not limit its purpose.
no-certificate = The service showed no certificate.
