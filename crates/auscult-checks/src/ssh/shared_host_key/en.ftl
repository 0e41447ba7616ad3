title = Units share an SSH host key
why = The private half of the key lies on every unit, so that whoever buys one, or opens its firmware, can stand in the place of all the others and be given their administrators' passwords.
mend = Take host keys out of the image, and let each unit make its own at its first start and after a factory reset.
limits = It compares what the nodes of one scenario showed at different addresses; a pass needs another unit of the same product (`product`, with maker and model) among them. Lists of keys that are known to be shared are not looked at.
shared = the same host key is shown by { $targets }
none = it offers no kind of host key that is known here
alone = no host key of another unit of the same product was seen to compare with
differs = its host keys differ from those of { $units ->
    [one] another unit
   *[other] { $units } other units
} of the same product
