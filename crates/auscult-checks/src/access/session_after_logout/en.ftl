title = A session goes on after logout
why =
    Whoever has copied the cookie of a session, on a shared computer or on the way, goes on with it after its owner has
    logged out and believes to be safe.
mend =
    Let logout invalidate the session in the server, not only delete the cookie in the browser.
    For tokens that cannot be looked up keep a list of those that were ended, and keep them short-lived.
limits =
    Only the logout that the scenario declares is tried, and the first thing that the credential owns is read after it.
    A page counts as reached only where it is byte for byte what it was before.
reached = after logout the same session still reached what it owns: { $names }
ended = after logout the same session was refused: { $names }
nothing = the scenario declares no logout, with a credential of kind form that reaches something of its own here
