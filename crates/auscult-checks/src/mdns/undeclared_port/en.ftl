title = mDNS announces a port that nobody has declared
why =
    What a device announces is what every other device on the network is invited to use.
    A service that is announced and not declared is one that nobody has thought of protecting.
mend =
    Announce only what the set-up needs, and only while it is set up.
    Declare each service that is announced, with its purpose, or take it out of the product.
limits =
    The node is asked alone and answers from where the measurement stands; names of instances are not kept.
    Announced UDP services are written down and not judged.
undeclared =
    { $count ->
        [one] It announces TCP port { $ports }, which is not declared.
       *[other] It announces { $count } TCP ports that are not declared: { $ports }.
    }
declared =
    { $count ->
        [0] It announces no service over TCP.
        [one] The one service over TCP that it announces is declared.
       *[other] All { $count } kinds of service over TCP that it announces are declared.
    }
untold = It announces { $kinds } without telling the port.
more = It announces more kinds of service than were looked at.
