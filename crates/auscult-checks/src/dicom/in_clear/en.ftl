title = The DICOM node speaks without TLS
why = Images and their headers cross the network with name, birth date and finding in plain sight. Who sits in between can read them, and can paint a tumour into a scan or out of it.
mend = Offer DICOM only inside TLS with the profile of PS3.15 annex B.12 (or B.13), with certificates on both sides, and close the clear port. Where the device cannot, put a gateway right beside it that wraps the connection.
limits = It is seen that DICOM is answered in clear on this port; the traffic of others is not listened to.
clear = DICOM is answered without TLS
tls = DICOM is spoken inside TLS
