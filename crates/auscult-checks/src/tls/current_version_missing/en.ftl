title = The service offers no current version of TLS
why =
    Current versions of TLS close weaknesses that older ones cannot close, and clients drop the older ones year by year.
    A device that stays behind is first less safe and then cut off: a hub or a cloud service that no longer speaks the old version loses the patient's readings.
    Products of class III and IV are in use for long and can do grave harm, so version 1.3 is expected of them.
mend =
    Enable TLS 1.3, and TLS 1.2 beside it for older clients.
    If the TLS library of the product does not know TLS 1.3, plan its replacement within the support period; that is also the moment to see how the next version will reach devices in the field.
limits =
    It sees what the server agrees to, not what the product does as a client towards others.
accepted = It accepts { $versions }.
refused = It accepts neither TLS 1.2 nor TLS 1.3.
refused-strict = It does not accept TLS 1.3, which is expected in class { $class }.
unanswered = It gave no clear answer to { $versions }.
refuses-everything = It refused every version of TLS, so that its refusals show nothing.
