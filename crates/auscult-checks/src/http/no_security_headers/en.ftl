title = A page lacks the headers by which browsers guard it
why =
    These headers are the second line when a page has a flaw: they keep foreign scripts from running, keep the page
    out of an invisible frame in which a patient or nurse is made to click, and keep an uploaded file from being
    run as a script.
mend =
    Send Content-Security-Policy with a list of your own sources and "frame-ancestors 'none'" (or the portal that
    may frame you), and "X-Content-Type-Options: nosniff", on every page.
    Begin with Content-Security-Policy-Report-Only to find inline scripts, and move those into files.
limits =
    The page where the front page's redirects end is judged; others may differ.
    Whether the content policy is a strict one is not judged.
present = the page is sent with a content policy, a limit on framing, and nosniff
missing = { $path } is sent without { $headers }
sent-to-tls = the service sends browsers on to TLS and shows no page of its own
no-page = the service answered with status { $status } and no HTML page
