title = Reasons and replacement are kept from strangers
why =
    Who owns an old part is often no customer with a login any more, and must still learn how it is replaced.
mend =
    Show the page to everybody: without login, registration, payment, client certificate or test, and with its text in
    the page itself, not in a script.
limits =
    Whether a certificate warning of the browser stands before the page is judged with the certificates of the host.
    Words are recognised in English and German; what is said in other words, in a picture or in a PDF file stays undecided.
    Redirects to another host are not followed, and scripts are not run.
open = everybody can read the page
