title = The policy for reporting flaws is not published for everybody
why =
    Who finds a flaw in a medical device by chance needs to know where to report it and what happens then.
    Without times a reporter waits in vain or publishes at once, and patients learn of the flaw with the attackers.
mend =
    Publish a policy that everybody can read without login, scripts or cookies, with a contact, the time to the first
    answer and the time between two words on the state, such as "we acknowledge within 3 working days and tell you the
    status every 14 days".
limits =
    That times are promised does not show that they are kept: send a report that is announced as a test.
    Words are recognised in English and German; what is said in other words, in a picture or in a PDF file stays undecided.
    Redirects to another host are not followed, and scripts are not run.
published = the policy names a contact, a first answer within { $first } hours and word on the state within { $then } hours
lacks-topic = the page is there, and that it speaks of flaws was not recognised
lacks-contact = the policy is there, and no contact was recognised in it
lacks-first-answer = the policy is there, and no time to the first answer was recognised in it
lacks-state = the policy is there, and no time between two words on the state was recognised in it
