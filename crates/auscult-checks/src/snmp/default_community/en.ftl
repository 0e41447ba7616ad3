title = The SNMP agent answers to a well-known community name
why =
    A community name is the only password that versions 1 and 2c of SNMP have.
    With one that everybody knows, everybody on the network reads what runs on the device, whom it talks to and often who uses it; with a writing one they change its settings.
mend =
    Remove communities altogether and use version 3 with authentication and privacy, or ship the product without an agent.
    Where version 2c must stay, give each unit a name of its own and limit it to the address that asks.
limits =
    It reads one value, the agent's description, with `public`, and where more is allowed with `private`, `admin` and a name that nobody can know; nothing is set.
    Another name may be as well known to somebody else.
any = It answers to a community name that was made up for this run, so it does not look at names.
taken = It answers to the community name { $names }.
refused = It answers in version 3 and was silent to the community names { $names }.
silent = It said nothing in any version, so whether it takes a well-known name is not known.
