title = WS-Discovery announces an endpoint in clear
why =
    Devices of IEEE 11073 SDC find each other by WS-Discovery and then exchange measurements, alarms and, where they may, commands over the endpoint that is announced.
    Over plain HTTP everybody on the network reads and forges them.
mend =
    Announce endpoints with `https` alone, and demand a certificate of both sides, as SDC does in its security profile.
    Close the endpoint in clear.
limits =
    It reads the addresses that are announced; what answers there is looked at as any other service of the node.
clear =
    { $clear ->
        [one] It announces an endpoint over plain HTTP.
       *[other] It announces { $clear } endpoints over plain HTTP.
    }
medical =
    { $clear ->
        [one] It is a medical device of SDC and announces an endpoint over plain HTTP.
       *[other] It is a medical device of SDC and announces { $clear } endpoints over plain HTTP.
    }
protected =
    { $protected ->
        [one] The one endpoint that it announces is inside TLS.
       *[other] All { $protected } endpoints that it announces are inside TLS.
    }
none = It announces no address of an endpoint.
