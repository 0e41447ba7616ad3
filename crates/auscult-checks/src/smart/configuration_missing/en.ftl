title = The FHIR API does not say where apps get a token
why =
    Apps that cannot find the authorisation server get its address by hand, and a wrong or old one sends patients'
    passwords to the wrong place.
    It also cannot be checked whether the server uses today's protections.
mend =
    Serve [base]/.well-known/smart-configuration as JSON, without a login, with authorization_endpoint,
    token_endpoint, capabilities and code_challenge_methods_supported.
    Keep it in step with what the server really does.
limits =
    An API that is guarded in another way, by client certificates alone for example, needs no such document; the
    scenario should then say so.
present = the SMART configuration is served
missing = there is no SMART configuration below { $base } (status { $status })
not-one = what stands at the place of the SMART configuration below { $base } is not one
kept-back = the SMART configuration was answered with status { $status }, though it must be open
