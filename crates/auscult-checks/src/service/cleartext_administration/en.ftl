title = The device can be administered in clear text
why =
    Telnet, FTP and their like send name and password so that everyone on the same network can read them, and most of them are the first thing that malicious software looks for.
    Whoever administers the device decides what it measures, what it shows and what it delivers.
mend =
    Remove the service from the product.
    Where remote administration is needed, offer SSH with keys or a web page inside TLS, switched off at delivery and with credentials of each device's own.
    For file transfer use SFTP or HTTPS, for monitoring SNMP version 3.
limits =
    It recognises the protocol; it does not log in.
    Administration over plain HTTP, SNMP, VNC and RDP is judged by other checks.
offered = It offers { $protocol }.
other = It speaks { $protocol }, which is not one of the protocols for administration in clear text.
inside-tls = It speaks TLS.
unknown = What it speaks is not known, so administration in clear text cannot be ruled out.
unfinished = It answers in TLS records, but no handshake came to its end, so whether anything is protected was not seen.
