title = The service does not demand a client certificate
why =
    Between machines a certificate on both sides is what keeps strangers out before a single byte of data flows.
    If the service is meant to demand one and does not, anyone who reaches it can try to hand in false readings or to fetch a patient's data.
mend =
    Make the server refuse clients without a valid certificate instead of merely asking for one, for example `ssl_verify_client on` rather than `optional`.
    Give each device a certificate and key of its own, and plan how it is renewed and revoked.
limits =
    It comes without a certificate and sees whether it is turned away; it does not try a false one.
    Where the scenario declares no client certificate it decides nothing: an equally strong proof, such as signed requests, may stand in its place.
demanded = It turns away a client without a certificate.
asked = It asks for a client certificate, and goes on without one, although it is declared to demand it.
not-asked = It does not ask for a client certificate, although it is declared to demand it.
undeclared = It does not demand a client certificate, and the scenario does not declare one; another proof of the client may stand in its place.
