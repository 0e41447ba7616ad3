title = A credential that was withdrawn still works
why =
    The key of a lost device, or the account of somebody who has left, goes on opening the data of patients although
    everybody believes that it was closed.
mend =
    Look up withdrawn keys and closed accounts for each new connection, keep tokens short-lived, and end sessions that
    are open.
    Say in the documentation after how many minutes a withdrawal takes effect.
limits =
    That a credential was valid once and was withdrawn is taken from the scenario: a token that never worked is refused
    in the same way.
    How long a withdrawal takes is not measured, and sessions that were open before are not seen.
works = withdrawn and still let in, while one that was made up is refused: { $names }
refused = withdrawn and refused, while others are let in: { $names }
opens-to-anything = a credential that was made up comes as far as the withdrawn one, so nothing is known about it: { $names }
nothing = the scenario declares no withdrawn credential for this service
none-works = no other credential is let in, so a refusal says nothing about the withdrawn one
