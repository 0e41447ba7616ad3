title = The FTP server lets anonymous users in
why = Whoever reaches the port can fetch what lies there, and on many devices store files too: recordings, settings, or a firmware that the device will take for its own.
mend = Switch anonymous login off (in vsftpd `anonymous_enable=NO`), or take FTP out of the product and use HTTPS or SFTP.
limits = It logs in as `anonymous` and leaves again; nothing is listed, fetched or stored. Where names are taken inside TLS only, the login is not tried there.
open = `anonymous` is let in (code { $code })
refused = `anonymous` is refused (code { $code })
wants-tls = `anonymous` is refused in clear (code { $code }), where names are not taken, and was not tried inside TLS
unclear = the answer to `anonymous` is neither an opening nor a refusal (code { $code })
