title = A management page opens without a login
why =
    Anyone on the same network, a visitor or a hijacked lamp, can change how the device works: where it sends the
    patient's values, which network it trusts, when it raises an alarm.
mend =
    Ask for a login before any page or call that shows or changes settings, on the server and not only in the menu,
    the first set-up included.
    Refuse by default: name the few paths that are public, and guard all others.
limits =
    Usual paths and links of the front page with telling names are asked; a page is recognised by its form or its
    JSON.
    Pages that a script builds, and calls that change settings without a page, are not seen.
open = settings are open to anyone at { $paths }
asks = of { $asked } usual management paths none is open, and { $refused } ask for a login
none = none of { $asked } usual management paths leads to a page
same-page = the server gives a page for every path, so an open management page could not be told from others
incomplete = { $answered } of { $asked } usual management paths were answered, and none of those is open
