title = A web service inside TLS does not tell browsers to stay with TLS
why =
    Without Strict-Transport-Security a browser tries http first whenever someone types the bare address.
    In that moment an attacker on the home or guest network can keep the session in clear and read along: logins,
    measurements, messages to the practice.
mend =
    Send "Strict-Transport-Security: max-age=31536000" on every answer inside TLS, error pages and redirects
    included; add includeSubDomains once all names of the domain speak TLS.
    Choose at least 180 days, and never max-age=0, which switches it off.
limits =
    Browsers heed the header only for names, not for bare addresses, and only when the certificate is trusted.
    The front page and the page where its redirects end are judged, no others.
present = Strict-Transport-Security is sent, for { $days } days
missing = no Strict-Transport-Security is sent with the page
switched-off = Strict-Transport-Security is sent with max-age=0, which switches it off
short = Strict-Transport-Security lasts less than 180 days ({ $days })
unreadable = Strict-Transport-Security is sent without a readable max-age: { $header }
no-page = the service answered with status { $status } and no page on which to judge it
