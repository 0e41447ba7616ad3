title = The telnet server asks nobody who they are
why = Whoever reaches the port commands the device: reads what it measures, changes what it delivers, and installs what it likes. Programs that look for such ports find them within minutes.
mend = Take telnet out of the product. Where a service engineer needs a shell, offer SSH with keys, switched off at delivery.
limits = It is told by a line that ends as those of shells do and comes again after an empty one; no command is given. That a login which is asked for also checks the password is another check's.
open = it shows the line of a shell without having asked for a name or a password
login = it asks for a name first
password = it asks for a password first
other = what it asks for could not be told
