title = A login asks in another way than is declared
why =
    How strong a login is follows from its mechanism: a password that every request carries is lost more easily than a
    token that runs out.
    Whoever judged the declared mechanism judged another device.
mend =
    Find out which of the two is wrong.
    Switch the other mechanism off, old ones beside the declared one above all, or correct the declaration and judge
    the risk of the login anew.
limits =
    The mechanism is told by what is asked for: the schemes of a 401 (RFC 9110) or a form. What is accepted without
    being asked for, and how strong a password has to be, is not seen.
    Certificates of clients are seen in the handshake of TLS and judged there.
other = another mechanism than declared is asked for at { $logins }
same = { $count ->
    [one] the one declared login asks as declared
   *[other] all { $count } declared logins ask as declared
    }
none-asks = no login is declared that a page could show
beyond = of a web service logins by { $declared } are declared, which no page can show
