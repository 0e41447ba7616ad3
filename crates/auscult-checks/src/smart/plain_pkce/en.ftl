title = The authorisation server does not insist on S256
why =
    An app on a phone gets its token for a code, and other apps can catch that code.
    With S256 a caught code is worthless; with "plain", or with nothing, it opens the patient's record.
mend =
    Demand a code challenge by S256 from every client, and refuse "plain".
    List exactly ["S256"] in code_challenge_methods_supported.
limits =
    The document is judged, not the server: whether a code without a challenge is really refused takes a login and a
    person.
only-s256 = S256 is offered and plain is not
plain = plain is offered ({ $methods })
not-s256 = S256 is not offered
unsaid = the SMART configuration does not say which code challenges are demanded
no-configuration = there is no SMART configuration to judge
