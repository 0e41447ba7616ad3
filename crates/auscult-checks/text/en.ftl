# Reasons that every check shares.
not-asked-impact = it needs a rougher step than the scenario authorises
not-asked-no-occasion = an earlier answer left no occasion to ask
not-asked-depth = it belongs to a deeper run
interrupted-closed = the port refused the connection
interrupted-unreachable = nothing answered at the address
interrupted-silent = no answer came to a datagram, so it may be open, filtered or not there
interrupted-timed-out = it accepted and then said nothing in time
interrupted-access-refused = it ended the connection before it could be looked at
interrupted-not-understood = it answered in another protocol than was spoken to it
interrupted-not-authorised = the scenario does not authorise it
interrupted-budget-spent = the budget of the node is used up
interrupted-safety-stop = the node stopped answering, and work on it was stopped
interrupted-beyond-instrument = the instrument cannot look at this
interrupted-instrument-fault = the instrument failed

# Reasons of the checks that play a far end towards a client.
client-nothing-played = no far end was played towards it
client-cannot-listen = auscult could not listen for { $far }: the address is not of its machine, is taken, or needs more rights
client-authority-unusable = no certificates for { $far } could be made with the test authority
client-in-clear = { $far } is declared to speak without TLS, so there is no certificate to refuse
client-did-not-dial = it did not dial { $far } while the proper far end was played, so nothing is known of its refusals
client-not-with-proper = it dialled { $far } but did not go on with the proper far end either (does it trust the test authority?), so that a refusal shows nothing
client-stayed-away = it did not dial { $far } while that was played ({ $play })
client-not-played = that was not played for { $far } ({ $play }), because it had stopped dialling
client-unclear = it dialled { $far }, and what it did decides nothing ({ $play })
client-beyond = what it offers { $far } leaves nothing to play this on ({ $play })

# Reasons of the checks that offer updates.
update-genuine-not-taken = it stayed as it was, but it did not install the genuine image either, so that a refusal shows nothing ({ $image })
update-not-fetched = it fetched nothing of the image that { $far } offered ({ $image })
update-untold = it did not tell what is installed, or told something else each time, so that nothing shows ({ $image })
update-not-offered = there was no such image to offer ({ $image })
update-covered = another false image was installed before, and this one may tell the same version ({ $image })
client-no-update-server = no far end that serves firmware was played towards it
access-no-credentials = the scenario declares no credentials for this service, so that nothing could be tried
access-stopped = the service slowed down or locked, and trying ended at once
access-idle = these credentials reach nothing of their own, so that what they are refused shows nothing: { $names }
access-unclear = answers that show neither what was asked for nor a refusal: { $n }
accounts-spared = accounts got three wrong passwords at other logins of the node already, so that they were spared here; look at this login in a run of its own

# Reasons of the checks that read pages of a maker.
page-not-fetched = the page was not fetched in this run
page-elsewhere = the page sends its reader to { $there }, which was not visited
page-gone = there is no such page (status { $status })
page-empty = the page is empty
page-status = the page was answered with status { $status }
page-everywhere = the same text stands at a path that nobody can have made, so the page is none
page-everywhere-unclear = what is sought stands on the page, and the same text at a path that nobody can have made
page-says-missing = the page says of itself that it does not exist
page-later = the page says only that this will be told later
page-later-unclear = the page tells it, and says of something that it will be told later
page-cut = only the beginning of the page could be read, and what is sought is not in it
page-unreadable = the page is no text that is read here, such as a PDF file
page-unrecognised = the page is there, and what is sought was not recognised in its words
page-other-model = the page gives periods and does not name the model { $model }
page-several-models = the page gives several periods, and which is that of { $model } is not known
page-barred-refused = a stranger is refused (status { $status })
page-barred-payment = the page is to be paid for (status { $status })
page-barred-client-certificate = the page is shown only to who has a client certificate
page-barred-login-page = a stranger is sent to a login
page-barred-login-form = a stranger sees only a login
page-barred-registration = a stranger sees only a form to register
page-barred-captcha = a stranger sees only a test that he is human
page-barred-consent = a stranger sees only a request to accept cookies
page-barred-script = a stranger sees nothing unless scripts are run

# Reasons of the checks that hold logins and APIs against what is declared.
logins-nothing-declared = the scenario does not say what the service has (`{ $key }`), so that there is nothing to compare with
logins-unanswered = of { $asked } paths only { $answered } were answered to their end
logins-pages = there is more to read than one run reads: { $asked } paths were asked
logins-bytes = a page is longer, or all of them together are, than one run reads: { $asked } paths were asked
logins-depth = pages lead further than is followed: { $asked } paths were asked
logins-many = more was found than is kept: { $asked } paths were asked
logins-interrupted = reading ended early: of { $asked } paths { $answered } were answered
logins-spared = links that look as if they did something were not followed: { $paths }
logins-scripted = scripts may show what cannot be read in them: { $paths }
logins-same-page = a path that cannot exist is answered with a page too, so that places cannot be told apart
logins-nothing-given = of { $asked } paths none gave anything that could be read
logins-unseen = declared and not seen: { $logins }

# Reasons of the checks that send malformed input.
input-borne = after each of { $count } malformed or cut messages ({ $protocol }) the well-formed question was answered as before
input-otherwise = after malformed input (`{ $input }`), the well-formed question is answered otherwise than before
input-hangs = after malformed input (`{ $input }`), its port is not closed and the well-formed question is not answered any more
input-gone = after malformed input (`{ $input }`), its port is closed
input-unhealthy = after malformed input (`{ $input }`), the tester's own program says that the node is not healthy
input-came-back = after malformed input (`{ $input }`), the service did not answer and was back within seconds; whether that is within what the maker declares, a person decides
input-refuses = after malformed input (`{ $input }`), the service said that it has enough of us, so that nothing can be said of its state
input-unknown = after malformed input (`{ $input }`), the work was stopped or its budget was spent, so that nobody asked how the service is
input-unsteady = the well-formed question was answered in two ways before anything bad was sent, so that no answer can be told from another
input-unhealthy-before = the tester's own program said before anything bad was sent that the node is not healthy
input-unfinished = { $taken } of { $of } steps were taken before the time for one observation was over
