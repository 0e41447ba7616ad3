title = The DICOMweb service gives objects without a login
why =
    Whoever knows or finds an identifier reads the data of an examination, with the patient's name in it, and fetches
    the images.
    Identifiers stand in reports, links and logs; they are no secret.
mend =
    Demand a login or an access token for every retrieval and check on the server that it belongs to somebody who may
    see this patient; answer 401 without one.
    Links for the moment, for viewers, need a signature and an end.
limits =
    The metadata of one study is asked for: of one that a search gave away, else of one that nobody has.
    Where such a one is only "not found", it stays open whether a real one would be given.
given = without a login, it gave the metadata of a study
refused = without a login, it refused the metadata of a study
refused-made-up = without a login, it refuses the metadata of any study, even of one that does not exist
unclear = it neither gave the metadata of a study nor demanded a login for it (status { $status })
not-found = no study is known that could be asked for, and for one that does not exist it demands no login (status { $status })
