title = An administrative function answers without a login
why =
    Whoever reaches the service can do what only those should who run it: see and change accounts, settings and
    therapies of everybody.
mend =
    Let the server ask for a credential before each administrative function, not only on the page that leads to it.
limits =
    Only functions that the scenario declares for an administrator are called, four of each, and only by reading.
    A function counts as open only where it gives a stranger what the administrator got.
reached = administrative functions answer without any credential what they answer to: { $pairs }
kept-out = administrative functions were refused without a credential in { $n } of { $n } tries, while an administrator reached them
nothing = the scenario declares no administrator who reaches something of his own here
