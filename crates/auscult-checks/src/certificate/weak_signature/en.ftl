title = A certificate is signed with a broken hash
why =
    For MD5 and SHA-1 two documents with the same hash can be made, so a signature under a harmless certificate also fits a false one.
    With such a certificate an attacker is the cloud to the device and the device to the cloud.
mend =
    Have the certificate issued again with SHA-256 or better, and with it every certificate between it and the authority.
    Switch MD5 and SHA-1 off in the tool that issues certificates at the factory.
limits =
    It looks at the certificates that the service sends; the signature of an authority under itself is not judged.
broken = The certificate of { $subject } is signed with { $signature }.
sound = The certificates are signed with { $signatures }.
unknown = The signature algorithm { $signature } is not one whose strength can be told here.
no-certificate = The service showed no certificate.
