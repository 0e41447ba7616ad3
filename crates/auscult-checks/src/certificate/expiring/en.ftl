title = The certificate ends soon
why =
    A certificate that is forgotten ends on a day that nobody chose, often at night or on a weekend, and the service stops for everyone who depends on it.
    Thirty days are the time that a clinic or a provider needs to have it exchanged in good order.
mend =
    Renew it now, and let it be renewed without human hands when a third of its life is left.
    For devices in the home, ship the way of renewal with the product; nobody there can do it.
limits =
    It cannot see a renewal that is under way.
    For certificates that live less than 90 days, a third of their life counts instead of 30 days.
soon =
    { $days ->
        [0] The certificate ends today, on { $date }.
        [one] The certificate ends in one day, on { $date }.
       *[other] The certificate ends in { $days } days, on { $date }.
    }
far = The certificate ends in { $days } days, on { $date }.
over = The certificate ended on { $date }.
no-certificate = The service showed no certificate.
