title = The VNC server asks nobody who they are
why = Whoever reaches the port sees the screen with everything about the patient on it, and works the device as if standing in front of it.
mend = Take the security type `None` out of the server, and give each unit a password or account of its own. Better take VNC out of the product, or let it run inside a tunnel that authenticates.
limits = The types are read that the server offers; none is chosen, and no screen is asked for. A server may still ask somebody at the screen for consent.
open = it offers security without any proof (type { $types })
unknown = it offers types of which nothing is known here ({ $types })
none = it offers no type
asks = each type that it offers asks for a proof ({ $types })
