title = The MQTT broker tells strangers about itself
why = Below `$SYS` a broker publishes its version, its load and how many clients it has. It harms no patient by itself, but it tells an attacker which weakness to try and when nobody will notice.
mend = Allow `$SYS/#` only to the account of the monitoring, or switch these topics off (in mosquitto `sys_interval 0`).
limits = Only the tree `$SYS` is asked for, for two seconds; brokers that tell the same elsewhere are not seen.
heard = a stranger receives the broker's own figures below `$SYS` ({ $messages ->
    [one] one message
   *[other] { $messages } messages
} in two seconds)
refused = the subscription to `$SYS/#` was refused (code { $code })
silent = the subscription to `$SYS/#` was granted, but nothing was heard there
no-certificate = a client without a certificate gets no TLS session, so a stranger gets no further
no-session = a stranger gets no session, so this is closed to strangers as well
unclear = the answers to anonymous connects do not say whether strangers are refused
