title = The contact for reporting flaws has run out
why =
    A date in the past tells a finder that nobody looks after the file, and the finder gives up or publishes at once.
    The patient whose device has the flaw is the last to know.
mend =
    Renew security.txt before its Expires date, which should be less than a year ahead, as part of each release or
    by a reminder that does not depend on one person.
    Check the contact while you are at it.
limits =
    The clock of the instrument decides what is past.
    A signature of the file is noted and not verified.
valid = security.txt holds until { $until }
expired = security.txt ran out on { $until }
unsaid = security.txt does not say until when it holds
unreadable = security.txt gives a date that cannot be read
twice = security.txt gives more than one date, so it does not say until when it holds
no-file = there is no security.txt whose date could be judged
