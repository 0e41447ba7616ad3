title = The CoAP server gives its resources to strangers
why =
    Without DTLS or OSCORE everybody on the network reads what the resource holds, and the server cannot know who asks.
    On small sensors such resources are the measured values themselves.
mend =
    Serve data only over DTLS or OSCORE with a key for each device, and close port 5683.
    Leave at most a small list of resources open, and answer everything else with 4.01.
limits =
    It asks for the list of resources and for the first four of it with GET; what the contents mean is not looked at.
    A resource that is not listed stays unseen.
given =
    { $count ->
        [one] A stranger is given the resource { $paths }.
       *[other] A stranger is given { $count } resources: { $paths }.
    }
list-refused = The list of resources is refused to strangers.
refused =
    { $count ->
        [one] The one resource that is listed is refused to strangers.
       *[other] All { $count } resources that are listed are refused to strangers.
    }
not-all = Nothing was given among the first { $asked } resources, and more are listed than were asked.
nothing-listed = No resource is listed, so it is not known what a stranger would be given.
unclear = No resource was given, and not every answer says that strangers are refused.
