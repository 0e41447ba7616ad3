title = An update that was cut off is installed
why = A connection that breaks, or somebody who breaks it, leaves the device with half a program: it fails when it is needed, or goes on without the part that checks or alarms.
mend = Let the signed part say the length and a digest of everything, check both after the last byte has come, and write nothing over the old version before.
limits = Whether it was installed is what the device says at one address, and one update path is tried. Where the maker gives no such image, the last quarter of the largest genuine file is left out, and the server says the length that it sends.
installed = an image without its end was installed from { $far }
refused = it fetched an image without its end from { $far } and stayed as it was; the genuine one it installed
