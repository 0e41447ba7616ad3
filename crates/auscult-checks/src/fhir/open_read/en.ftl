title = The FHIR API gives single records without a token
why =
    Whoever knows or guesses the id of a record reads it: name, address, illness.
    Ids are often counted upwards, so that knowing one is knowing all.
mend =
    Demand an access token on every read and check on the server that it covers this very record; answer 401 before
    looking whether the record exists.
    Use ids that cannot be guessed, and rely on them for nothing.
limits =
    Two usual ids are guessed, and one read is made with an id that an open search gives away.
    An API that answers "not found" shows no demand for a token, so it stays inconclusive.
given = a { $resource } was given without a token
refused = without a token, all { $refused } reads were refused
not-read = no record was asked for
unclear = reads were answered with status { $statuses }, which shows neither a record nor a demand for a token
