title = HL7 messages are taken in clear
why = HL7 v2 messages name the patient and carry results, orders and doses. Without TLS everybody on the way reads them, and can change a value or the patient it belongs to without a trace.
mend = Speak MLLP only inside TLS with certificates on both sides (IHE ATNA), and close the clear port. Where the device cannot, put a gateway right beside it that wraps the connection, and let nothing but a cable lie between the two.
limits = It is seen that HL7 is answered in clear on this port; the traffic of others is not listened to.
clear = HL7 is answered over MLLP without TLS
clear-http = HL7 is answered within HTTP without TLS
tls = HL7 is spoken inside TLS
local = HL7 is answered without TLS, but every declared flow into it stays on a cable between two things
