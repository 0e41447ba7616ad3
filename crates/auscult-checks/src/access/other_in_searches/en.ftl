title = A patient's search finds other patients
why =
    One request without a filter gives a list of patients, or of what was measured on them, to anybody who has an
    account; nothing has to be guessed.
mend =
    Restrict each search in the server to what the caller may see, before filters, counts and pages are computed.
limits =
    Searches of Patient and Observation, and of studies, are tried without a filter and for the other's id.
    Where a list is longer than one page and the other is not on the first, it stays undecided.
reached = a search gave what belongs to another (who → whose): { $pairs }
kept-out = { $n } searches gave nothing of another, while its owner found it
nothing = the scenario declares no two patients of one tenant whose things can be searched for here
