title = What belongs to somebody is given without a login
why =
    Whoever reaches the service reads records of patients, without an account and without a trace.
mend =
    Let the server ask for a credential before each answer that holds clinical data, and check that the caller may have
    this very thing.
limits =
    Only what the scenario declares for its credentials is read, two things of each.
    A page that is no FHIR resource and no study counts as given only where it is byte for byte what its owner got.
reached = given without any credential, as to their owners, were things of: { $pairs }
kept-out = without a credential { $n } of { $n } things were refused, while their owners reached them
nothing = the scenario declares nobody but administrators who reaches something of his own here
