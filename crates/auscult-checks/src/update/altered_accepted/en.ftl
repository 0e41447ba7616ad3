title = An altered update is installed
why = If one bit can be turned, all can: whoever is on the way puts his own program into a signed envelope.
mend = Let the signature cover every byte that is installed, directly or by digests, and check it after the last byte has come and before the first one runs.
limits = The image is as good as the maker or laboratory that made it, and whether it was installed is what the device says at one address. One update path is tried. Where the maker gives no altered image, the last but one byte of the largest genuine file is altered.
installed = an altered image was installed from { $far }
refused = it fetched an altered image from { $far } and stayed as it was; the genuine one it installed
