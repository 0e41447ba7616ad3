title = The FHIR API gives everything at once without a token
why =
    These operations hand over the whole record of a patient, or of all patients, in one download.
    A stranger who finds them open needs minutes, and nobody notices a single request.
mend =
    Demand an access token with scopes of its own for $everything, $export and _history, and switch off those that
    the product does not use.
    Put each use into the audit log, with who and why.
limits =
    An export is only asked for where the scenario allows intrusive steps; it is limited to what changes from now
    on, and cancelled at once.
    $everything is only asked for a patient whose id an open search gives away.
open = without a token these were given: { $operations }
refused = without a token, { $refused } of these operations were refused, and none was given
unclear = { $operation } was answered with status { $status }, which shows neither data nor a demand for a token
not-offered = none of these operations is offered below { $base }, so no demand for a token was seen
