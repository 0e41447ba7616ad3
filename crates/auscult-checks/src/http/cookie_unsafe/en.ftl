title = A session cookie is not guarded
why =
    The cookie is the session: whoever holds it is the nurse or the patient until it ends.
    Without Secure it travels in clear, without HttpOnly any script on the page can take it, and without SameSite a
    foreign page can act in its name.
mend =
    Set session cookies with "Secure; HttpOnly; SameSite=Lax" (or Strict), and name them with the prefix __Host-.
    End them on the server at logout and after a time without use.
limits =
    Cookies set before any login are seen, and a cookie is taken for a session by its name.
    The one that a real login sets may differ; a person with an account should look at it.
unsafe = session cookies lack guards: { $cookies }
safe = session cookies are set with Secure, HttpOnly and SameSite: { $cookies }
no-session = cookies are set before a login, and by their names none carries a session: { $cookies }
none-set = no cookie is set before a login
