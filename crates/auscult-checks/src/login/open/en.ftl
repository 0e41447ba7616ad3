title = What stands behind a declared login answers without it
why =
    The declaration says that a login stands in front of the function; the risk analysis counts on it.
    Whoever knows the address reads or changes what the login was meant to protect.
mend =
    Demand the login on the server for each request to the path and to everything below it, and not only on the page
    that leads there.
limits =
    The declared path itself is asked, and pages below it to which something leads; one that gives settings or data is
    open.
    A page without a login is not yet proof where a form is declared: it may be a welcome, or a script may ask.
open = without any login something is given at { $paths }
unclear = at { $paths } neither a login nor what it should protect was seen
asks = { $count ->
    [one] the one declared path gives nothing without a login
   *[other] none of { $count } declared paths gives anything without a login
    }
none-asks = no login is declared for any path
