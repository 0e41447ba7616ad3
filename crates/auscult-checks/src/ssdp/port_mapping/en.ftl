title = The gateway lets anybody map ports
why =
    UPnP asks for no password: whatever runs on any device at home can open a way from the Internet to any other, the medical device among them.
    Malicious software does this first.
mend =
    Switch UPnP port mapping off at delivery and let the user switch it on knowingly, or allow mappings only to the device that asks for them.
    Products that need to be reached should open the connection outwards.
limits =
    It reads which actions the gateway offers and calls none, so that a gateway which offers the action and then refuses it fails too.
offered = It offers an action by which any device on its network can open ports to the Internet.
not-offered = It has a service for connections to the Internet, and offers no action that opens ports.
other = It is a device without any such service ({ $types }).
elsewhere = Not all of its descriptions lie on the node or could be read.
unread = It has a service for connections to the Internet, and its actions could not be read.
