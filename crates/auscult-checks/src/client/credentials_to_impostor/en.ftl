title = The client hands its credentials to an impostor
why = A password or token that an impostor was given is his: he can sign in to the true cloud as the patient's device, read what is there and send what was never measured.
mend = Check the server before anything is sent, and end the connection when the check fails. Prefer client certificates, whose key never leaves the device, to passwords and tokens.
limits = Passwords in MQTT CONNECT and the usual headers of HTTP are known; a secret in the body or path of a request is not looked for. What was sent is not kept.
handed-over = it gave a password or token to somebody who stood in for { $far } ({ $plays })
kept = it gave none of those who stood in for { $far } a password or token
none-at-all = it gives the true { $far } no password or token either, so it has none to lose
