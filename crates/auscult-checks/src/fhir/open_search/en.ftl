title = The FHIR API answers searches without a token
why =
    One request without a password lists patients, what was measured and which medicines they take.
    Nothing has to be guessed or broken, and the next request lists the next page.
mend =
    Demand an access token on every search and check its scopes on the server; answer 401 without one, also where
    the result would be empty.
    Leave only metadata and the discovery documents open.
limits =
    Five resource types are searched for one entry each; others may be more open.
    An empty answer counts as open, since it was given without asking who wants to know.
answered = without a token, searches were answered (entries): { $resources }
refused = without a token, { $refused } searches were refused, and none was answered
directory = without a token, only a directory that may be public was answered (entries): { $resources }
unclear = searches were answered with status { $statuses }, which shows neither data nor a demand for a token
not-offered = nothing that was searched is offered below { $base }, so no demand for a token was seen
