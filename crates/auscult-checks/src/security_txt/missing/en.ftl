title = The web server does not say how to report a flaw
why =
    People find flaws in medical devices by chance, and most of them would tell the maker if they knew how.
    A report that reaches nobody helps only those who mean harm.
mend =
    Serve /.well-known/security.txt inside TLS with at least one Contact, an Expires date less than a year ahead and
    a link to your policy (RFC 9116), and make sure that someone reads what arrives.
    A device in a home may redirect to the file on your company's site.
limits =
    That a file is there does not show that anyone answers: write to the contact and note how long it takes.
    A redirect to another host is not followed.
present = security.txt names a contact: { $contacts }
missing = no security.txt with a contact at /.well-known/security.txt or /security.txt
elsewhere = security.txt is kept on another host, which was not visited
kept-back = security.txt was answered with status { $status }, so a stranger does not see whether there is one
