title = The SSH server accepts a dated cipher
why = CBC has given away parts of sessions before and is kept for old clients only. MACs with SHA-1 or of 64 bits still hold, but leave less room than today's guidance asks for over the life of a medical device.
mend = Take CBC, SHA-1 and `umac-64` out of the lists; every client of the last ten years does without them.
limits = The lists are judged that the server sends to everybody; that an attack works in practice is not shown.
weak = it offers { $names }
unknown = it offers { $names }, of which nothing is known here
none = it offers nothing
sound = it offers nothing dated: { $names }
