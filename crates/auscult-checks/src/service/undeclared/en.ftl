title = A port is open that nobody has declared
why =
    What nobody has declared nobody watches, updates or protects: debug consoles, maintenance access and leftovers of development are how most devices are taken over.
    The clinic or the home provider cannot plan around a door that it does not know.
mend =
    Switch the service off in the product's software, not only by a firewall in front of it.
    If it is needed, declare it with its purpose and protect it like the others.
    Compare the list of open ports with the documentation in the build, so that nothing comes back.
limits =
    It asks every TCP port from where the measurement stands; a firewall in between can hide what is open behind it, and UDP is looked at by another check.
    A port that opens only at times or after a signal may be missed.
open =
    { $count ->
        [one] TCP port { $ports } is open and not declared.
       *[other] { $count } TCP ports are open and not declared: { $ports }.
    }
none =
    { $filtered ->
        [0] All 65535 TCP ports were asked; none is open that is not declared.
       *[other] All 65535 TCP ports were asked; none is open that is not declared, and { $filtered } gave no answer.
    }
incomplete = Not all TCP ports were asked; among those that were, none is open that is not declared.
nothing-answered = No port gave an answer of any kind.
