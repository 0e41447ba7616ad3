title = The MQTT broker lets a stranger listen to every topic
why = One subscription to `#` gives a stranger everything that passes through the broker: the vital signs of every patient, their identity where it is in the message, and the commands to their devices. No password has to be guessed, and no device notices.
mend = Give each client rights to its own topics only, for example with the client's name as a part of the topic, and refuse `#` to everybody but the service that needs it. Check that a subscription is refused when it is made, and not only that messages are held back.
limits = Listening ends after two seconds, and topics and payloads are not kept, only their number and kind. Some brokers grant every subscription and filter when they deliver; a grant after which nothing is heard is therefore no proof.
heard = a stranger's subscription to `#` was granted and brought { $messages ->
    [one] one message
   *[other] { $messages } messages
} of { $topics ->
    [one] one topic
   *[other] { $topics } topics
} within two seconds
heard-kinds = a stranger's subscription to `#` was granted and brought { $messages ->
    [one] one message
   *[other] { $messages } messages
} of { $topics ->
    [one] one topic
   *[other] { $topics } topics
} within two seconds; they look like { $kinds }
own-heard = a stranger's subscription to `#` was granted and brought a message that another session of ours had published
silent = the subscription to `#` was granted, but nothing was heard, so it is not known what it brings
contradiction = the subscription to `#` was refused, and yet messages arrived
refused = the subscription to `#` was refused (code { $code })
no-certificate = a client without a certificate gets no TLS session, so a stranger gets no further
no-session = a stranger gets no session, so this is closed to strangers as well
unclear = the answers to anonymous connects do not say whether strangers are refused
