title = Reasons and replacement of what cannot be updated are not published
why =
    A part that cannot be updated keeps its flaws for good, so that replacing it is the only way to mend them.
    Who does not know how and until when that is done keeps the part in use beside a patient.
mend =
    Publish for each part that cannot be updated why that is so, how it is replaced, and until when.
limits =
    Whether every such part is covered is read by a person.
    Words are recognised in English and German; what is said in other words, in a picture or in a PDF file stays undecided.
    Redirects to another host are not followed, and scripts are not run.
published = the page says what cannot be updated, why, how it is replaced and how long
lacks-part = the page is there, and what cannot be updated was not recognised in it
lacks-reason = the page is there, and no reason why something cannot be updated was recognised in it
lacks-replacement = the page is there, and no replacement was recognised in it
lacks-how = the page is there, and how something is replaced was not recognised in it
lacks-how-long = the page is there, and until when something is replaced was not recognised in it
