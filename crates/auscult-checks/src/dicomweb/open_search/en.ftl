title = The DICOMweb service answers searches without a login
why =
    One request without a password lists who was examined, when and of what, with names and dates of birth.
    Nothing has to be guessed, and the identifiers in the list open the images.
mend =
    Demand a login or an access token on every search and check on the server what it may see; answer 401 without
    one, also where the result would be empty.
    Where the archive has no users of its own, put a proxy with a login in front and let nobody past it.
limits =
    Studies, series and instances are searched for one match each; other levels and resources may be more open.
    An empty answer counts as open, since it was given without asking who wants to know.
answered = without a login, searches were answered (matches): { $levels }
refused = without a login, { $refused ->
    [one] one search was refused, and none was answered
   *[other] { $refused } searches were refused, and none was answered
}
unclear = searches were answered with status { $statuses }, which shows neither data nor a demand for a login
not-offered = nothing that was searched is offered below { $base }, so no demand for a login was seen
