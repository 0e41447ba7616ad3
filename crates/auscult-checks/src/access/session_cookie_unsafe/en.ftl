title = The cookie of a login lacks its protective flags
why =
    The cookie that a login gives can be read on the line, by a script on a page, or is sent along by a foreign page;
    whoever has it is logged in as its owner.
mend =
    Set Secure, HttpOnly and SameSite=Lax or Strict on each cookie that a login gives.
limits =
    Only the login that the scenario gives a credential for is looked at.
    Cookies whose names say that they guard against forged requests are left out, because scripts must read them.
unsafe = cookies that a login gave lack { $cookies }
safe = { $n } cookies that a login gave carry Secure, HttpOnly and SameSite
nothing = no login with a credential of kind form gave a cookie here
