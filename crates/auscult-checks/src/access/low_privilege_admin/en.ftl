title = A low-privilege account reaches administrative functions
why =
    Whoever has any account can do what only those should who run the service: see and change accounts, settings and
    therapies of everybody.
mend =
    Check the role in the server for each administrative function, not only in the menu, and begin with no rights.
limits =
    Only functions that the scenario declares for an administrator are tried, four of each, and only by reading.
    A function counts as reached only where it gives what the administrator got.
reached = administrative functions were reached (who → whose): { $pairs }
kept-out = administrative functions were refused in { $n } of { $n } tries, while an administrator reached them
nothing = the scenario declares no administrator and no other who both reach something of their own here
