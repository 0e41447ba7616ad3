title = The support period is kept from strangers
why =
    The period matters before a device is bought and long after its account is gone.
    Who must log in, register or accept cookies to read it compares no devices by it.
mend =
    Show the page to everybody: without login, registration, payment, client certificate or test, and with its text in
    the page itself, not in a script.
limits =
    Whether a certificate warning of the browser stands before the page is judged with the certificates of the host.
    Words are recognised in English and German; what is said in other words, in a picture or in a PDF file stays undecided.
    Redirects to another host are not followed, and scripts are not run.
open = everybody can read the page
