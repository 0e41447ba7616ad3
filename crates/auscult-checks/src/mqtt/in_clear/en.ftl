title = The MQTT broker speaks without TLS
why = Everybody on the way, in the home's Wi-Fi as in the provider's network, can read the measurements and the passwords of devices and change both. A patient's therapy then rests on messages that anybody may have written.
mend = Offer MQTT only inside TLS (port 8883), close the listener on 1883 or bind it to the machine itself, and let devices check the broker's certificate. Change every password that was ever sent in clear.
limits = It is seen that the broker answers in clear on this port; what devices send there is not listened to. A listener over WebSocket is a service of its own.
clear = the broker answers MQTT without TLS
tls = the broker was spoken to inside TLS
local = the broker answers without TLS, but every declared flow into it stays on a cable between two things
unspoken = no MQTT was heard
