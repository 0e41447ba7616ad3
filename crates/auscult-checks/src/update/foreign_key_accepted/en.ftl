title = An update signed with a foreign key is installed
why = A signature that anybody can make protects nothing. Often the key is taken from the image itself.
mend = Check the signature with a public key that was put into the device when it was made, and never with one that comes with the update.
limits = The image is as good as the maker or laboratory that made it, and whether it was installed is what the device says at one address. One update path is tried.
installed = an image signed with a foreign key was installed from { $far }
refused = it fetched an image signed with a foreign key from { $far } and stayed as it was; the genuine one it installed
