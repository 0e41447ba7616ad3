title = An older update is installed
why = An old version brings its known flaws back, with the maker's own signature. Whoever can offer updates opens a closed door again.
mend = Keep the number of the newest version that was ever installed where an update cannot lower it, and refuse everything below; let a service procedure with its own authorisation be the only exception.
limits = The image is as good as the maker or laboratory that made it, and whether it was installed is what the device says at one address. One update path is tried. A documented and authorised way back is not told from an open one.
installed = an older image was installed from { $far }
refused = it fetched an older image from { $far } and stayed as it was; the genuine one it installed
