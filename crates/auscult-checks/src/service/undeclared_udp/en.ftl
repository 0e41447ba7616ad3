title = A UDP port answers that nobody has declared
why =
    Services over UDP are easily forgotten: monitoring, discovery, name service, file transfer for installation.
    They answer without a login, tell strangers what the device is, and can be misused to flood others.
mend =
    Switch the service off in the product's software, not only by a firewall in front of it.
    If it is needed, declare it with its purpose, bind it to the network where it is needed, and protect it like the others.
limits =
    It asks nine ports, each once or twice with one request of the protocol that is usual there: DNS, TFTP, NTP, SNMP, SSDP, WS-Discovery, mDNS, CoAP and DTLS.
    What listens elsewhere, or answers only its own clients, stays unseen; a port that says nothing is neither open nor closed.
    At the ward's pace only declared ports are asked.
open =
    { $count ->
        [one] UDP port { $ports } answers and is not declared.
       *[other] { $count } UDP ports answer and are not declared: { $ports }.
    }
none = The usual UDP ports that are not declared are closed: { $ports }.
silent = No undeclared UDP port answered, but these said nothing, which shows neither open nor closed: { $ports }.
unasked = No undeclared UDP port answered, but these were not asked: { $ports }.
none-asked = No undeclared UDP port was there to be asked.
