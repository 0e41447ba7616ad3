title = One patient reaches what belongs to another
why =
    Whoever has an account or a device of their own reads the record of a neighbour by changing a number in a request,
    or listens to what the neighbour's device sends.
mend =
    Check in the server, for each request and each subscription, that the caller may have this very thing; derive the
    patient from the token and not from the request.
    Put a test with two patients beside each function that carries clinical data.
limits =
    Only what the scenario declares for its test patients is tried, two things of each, and only by reading.
    A page that is no FHIR resource and no study counts as reached only where it is byte for byte what its owner got.
reached = what belongs to another was reached (who → whose): { $pairs }
kept-out = what belongs to another was refused in { $n } of { $n } tries, while its owner reached it
nothing = the scenario declares no two patients of one tenant who each reach something of their own here
