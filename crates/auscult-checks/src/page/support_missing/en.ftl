title = The support period is not published
why =
    A clinic or a patient who does not know until when a device gets security updates cannot plan its replacement.
    The device then stays in use with flaws that everybody knows and nobody mends.
mend =
    Publish for each model the last day of security updates, or their length and the day from which it is counted, in a
    sentence or a table such as "BP-2: security updates until 2032-04-30".
limits =
    A page that does not name the declared model, or gives several periods without saying whose, stays undecided.
    Words are recognised in English and German; what is said in other words, in a picture or in a PDF file stays undecided.
    Redirects to another host are not followed, and scripts are not run.
published = the page gives the support period: { $periods }
