title = The published end of support is not the declared one
why =
    Two ends of support mean that one of them is wrong, and whoever plans by the later one runs devices without updates.
mend =
    Decide which day holds, and write the same one on the page, in the manual and as `support_until` in the scenario.
limits =
    Only ends that are given as a day, a month or a year are compared; a length of time is compared by a person.
    Words are recognised in English and German; what is said in other words, in a picture or in a PDF file stays undecided.
    Redirects to another host are not followed, and scripts are not run.
nothing-declared = the scenario declares no `support_until` to compare with
no-day = the page gives no day that could be compared with { $declared }
agrees = page and scenario name the same end: { $told }
at-least = the page promises at least until { $told }, and the scenario declares { $declared }
contradicts = the page says { $told }, and the scenario declares { $declared }
elsewhere-on-the-page = the page says { $told }, not beside the name of the model, and the scenario declares { $declared }
several = the page gives several ends ({ $told }), and the scenario declares { $declared }
