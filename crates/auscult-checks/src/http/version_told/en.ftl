title = The web server tells its version to strangers
why =
    A version is a shopping list: whoever reads it looks up the known flaws and needs no second visit to the device.
    A device that stays in a home for eight years tells it for eight years.
mend =
    Leave versions out of Server, X-Powered-By and error pages (nginx: server_tokens off; Apache: ServerTokens Prod
    and ServerSignature Off; PHP: expose_php = Off), and write error pages of your own.
    Keep the software up to date all the same: hiding a version mends nothing.
limits =
    Headers, the generator of the page and the signature of one error page are read; a version can still be guessed
    from how a server behaves.
told = strangers are told { $versions }
untold = no version is told in headers or on the error page
