title = One tenant reaches the data of another
why =
    A clinic, or one of its patients, sees the patients of another clinic that happens to use the same service: all of
    them at once, and without either clinic knowing.
mend =
    Tie each object to its tenant and check it in the server for each request; separate tenants at a second level too,
    by database, key or account.
limits =
    Only what the scenario declares for credentials of different tenants is tried, and only by reading.
reached = data of another tenant was reached (who → whose): { $pairs }
kept-out = data of another tenant was refused in { $n } of { $n } tries, while its owner reached it
nothing = the scenario declares no two tenants whose credentials each reach something of their own here
