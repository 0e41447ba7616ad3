title = Any foreign page may read answers with the visitor's session
why =
    When a server repeats whatever origin a page names and allows credentials, any site that a logged-in nurse or
    patient opens in another tab can read the record behind the session.
mend =
    Compare the Origin header with a fixed list of your own portals, and send Access-Control-Allow-Origin only for
    those.
    Never repeat it unseen, and send Access-Control-Allow-Credentials only where a session in a browser needs it.
limits =
    One page is asked with one foreign origin, without a login; single paths of an API may be more open.
reflected = a foreign origin is repeated and allowed to use the visitor's session
none = no foreign origin is allowed
other = only another, fixed origin is allowed
any = every origin is allowed, but without the visitor's session
without-session = the foreign origin is allowed, but without the visitor's session
no-page = the page was answered with status { $status }, which shows nothing about foreign origins
