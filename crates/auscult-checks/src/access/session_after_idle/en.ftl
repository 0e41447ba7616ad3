title = An idle session does not end
why =
    Whoever walks up to a screen that a nurse has left, or gets hold of a cookie hours later, goes on with a session that
    everybody believes to be over.
mend =
    Note in the server when each session was used last, and refuse it when the idle time is over, whatever the page in
    the browser does.
    Let what the page asks for by itself not count as use.
limits =
    One session for each credential with an idle time is left alone for that time and a tenth more, at least 2 seconds
    and at most a minute, without any request; then the first thing that the credential owns is read.
    A page counts as reached only where it is byte for byte what it was before.
    Sessions of displays and apps, and idle times above fifteen minutes, are for a person.
reached = after the declared idle time the same session still reached what it owns: { $names }
ended = after the declared idle time the same session was refused: { $names }
nothing = the scenario declares no idle time, with a credential of kind form that reaches something of its own here
