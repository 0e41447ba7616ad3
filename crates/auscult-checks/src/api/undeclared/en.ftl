title = An API is not declared
why =
    An interface for programs does without buttons whatever the pages can do, and often more.
    One that nobody declared is not in the risk analysis, is tested by nobody and is still there when the page in front
    of it is gone.
mend =
    Remove it from the release, or declare it (`apis` in the scenario and in the accompanying documents) with its
    purpose and what guards it.
    Describe only what is there, and take interfaces for development out of the product.
limits =
    An API is told by a description of OpenAPI, Swagger or WSDL, by a capability statement of FHIR, or by an answer in
    JSON, at usual places and where pages and scripts lead within the service; 96 paths at most are read.
    What stands behind a login is not read.
    One to which nothing leads, one that answers nothing but POST, and functions of a declared API beyond its
    description are not found.
found = nobody declares { $paths }
closed = every path asks for a login first, so that no API could be seen
unseen = nothing was seen of the declared API at { $paths }
all = { $asked } paths were read, and { $count ->
    [one] what they show of APIs is the declared one
   *[other] what they show of APIs are the { $count } declared ones
    }
none = { $asked } paths were read, and as declared none of them shows an API
