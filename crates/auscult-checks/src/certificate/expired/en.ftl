title = The certificate is not valid now
why =
    Clients that check certificates stop talking to this service, and readings or alarms no longer arrive.
    Clients that go on anyway do not check, so they would go on with an impostor too.
mend =
    Issue a new certificate, and let devices and services renew theirs by themselves well before the end.
    Watch the date, and test what the product does on the day after it.
    If the certificate begins in the future, look at the clock of the device.
limits =
    It compares with the clock of the machine that measured.
    It looks at the service's own certificate, not at those of the authorities above it.
over = The certificate ended on { $date }.
early = The certificate does not begin before { $date }.
valid = The certificate is valid until { $date }.
no-certificate = The service showed no certificate.
