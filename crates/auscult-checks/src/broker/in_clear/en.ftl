title = The broker of AMQP or NATS takes clients without TLS
why = Everybody on the way can read measurements and passwords, and change both. A patient's therapy then rests on messages that anybody may have written.
mend = Serve the broker inside TLS only (in NATS a `tls` block without `allow_non_tls`, in RabbitMQ `listeners.tcp = none` beside `listeners.ssl`), let clients check the certificate, and change every password that was ever sent in clear.
limits = It is seen whether the broker answers in clear; what its clients send is not listened to.
clear = { $protocol } clients are served in clear
tls = { $protocol } was spoken inside TLS
only-tls = a { $protocol } client in clear is told to go over to TLS
local = { $protocol } clients are served in clear, but every declared flow into it stays on a cable between two things
unclear = a { $protocol } client in clear was given nothing, for a reason that says nothing of TLS
