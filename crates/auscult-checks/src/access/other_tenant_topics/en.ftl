title = One tenant hears the topics of another
why =
    Whoever has the account of one device of one clinic listens to what the devices of another clinic send.
mend =
    Give each tenant a prefix of its own, or a broker, and let the broker check each subscription against the account.
limits =
    Only topics that the scenario declares are tried, and nothing is published to them.
    A subscription that is granted tells nothing as long as its owner hears nothing either.
reached = topics of another tenant were heard (who → whose): { $pairs }
kept-out = topics of another tenant were kept from { $n } of { $n } who asked, while their owner may hear them
nothing = the scenario declares no two tenants whose credentials each may hear topics of their own here
