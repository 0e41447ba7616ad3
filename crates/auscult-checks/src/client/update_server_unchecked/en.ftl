title = The client believes an impostor of its update server
why = Who stands in for the update server chooses what the device hears of updates: that there are none, or an old one, or one of his own. The signature of the image is then the only thing left.
mend = Check the certificate of the update server as that of any other server: chain, name and validity, against a list of your own. Keep the signature of the image beside it.
limits = It sees the flows that are declared to carry firmware and for which an impostor is declared.
went-on = it went on with an impostor of { $far } ({ $plays })
refused = it refused every impostor of { $far }
