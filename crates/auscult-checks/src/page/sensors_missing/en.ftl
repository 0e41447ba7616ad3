title = The sensors are not documented for everybody
why =
    People let a device into bedroom and bathroom and have a right to know whether it hears, sees or follows them.
mend =
    Publish a list of all sensors, microphones and cameras included, with what each is for, where everybody can read it.
limits =
    Whether the list is complete, and true, is for a person to compare with the parts in the unit.
    Words are recognised in English and German; what is said in other words, in a picture or in a PDF file stays undecided.
    Redirects to another host are not followed, and scripts are not run.
published = the page names sensors: { $kinds }
none = the page says that there are no sensors
