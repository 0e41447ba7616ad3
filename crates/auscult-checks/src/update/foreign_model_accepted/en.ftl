title = An update for another model is installed
why = The program of another model may run and measure or dose wrongly, or the device never starts again. Its signature is true, so that anybody can offer it.
mend = Sign the model together with the image, and compare it with what the hardware says before anything is written.
limits = The image is as good as the maker or laboratory that made it, and whether it was installed is what the device says at one address. One update path is tried.
installed = an image for another model was installed from { $far }
refused = it fetched an image for another model from { $far } and stayed as it was; the genuine one it installed
