title = An update without a signature is installed
why = Whoever can stand in for the update server, or reach the device in any other way, then decides what the device does to the patient.
mend = Check a signature over the whole image with a key in the device before anything is written, and treat a missing one as a wrong one.
limits = The image is as good as the maker or laboratory that made it, and whether it was installed is what the device says at one address. One update path is tried.
installed = an image without a signature was installed from { $far }
refused = it fetched an image without a signature from { $far } and stayed as it was; the genuine one it installed
