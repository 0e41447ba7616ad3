//! Credentials in a scenario: what is read, what is refused, and that no secret is shown.

use auscult_model::scenario::{CredentialKind, Role, SecretFrom, covered, parse};

const HEAD: &str = "title = \"t\"\nstage = \"target\"\nsetting = \"homecare\"\n\
                    [cloud.c]\nservices = [{ name = \"api\", port = 1, protocol = \"fhir\" }]\n";

const GOOD: [&str; 5] = [
    "for = \"c/api\"",
    "kind = \"bearer\"",
    "role = \"patient\"",
    "from_env = \"AUSCULT_A\"",
    "owns = [\"Patient/a1\"]",
];

/// What is wrong with a credential in which lines were replaced by others, by the beginning that they share.
fn told(instead: &[&str]) -> Vec<String> {
    let key = |line: &str| line.split('=').next().unwrap().trim().to_owned();
    let kept = GOOD.iter().filter(|line| !instead.iter().any(|i| key(i) == key(line)));
    let lines: Vec<&str> = kept.chain(instead).copied().collect();
    let text = format!("{HEAD}[credentials.anna]\n{}\n", lines.join("\n"));
    parse(&text).err().unwrap_or_default().into_iter().map(|m| m.message.id).collect()
}

#[test]
fn a_credential_is_read_whole() {
    let text = format!("{HEAD}[credentials.anna]\n{}\ntenant = \"x\"\nuser = \"anna\"\n", GOOD.join("\n"));
    let scenario = parse(&text).unwrap();
    let [anna] = scenario.credentials.as_slice() else { panic!("{:?}", scenario.credentials) };
    assert_eq!((anna.name.as_str(), anna.kind, anna.role), ("anna", CredentialKind::Bearer, Role::Patient));
    assert_eq!(anna.secret, Some(SecretFrom::Env("AUSCULT_A".to_owned())));
    assert_eq!(anna.target.service.as_ref().unwrap().as_str(), "api");
    assert_eq!((anna.tenant.as_deref(), anna.owns.as_slice()), (Some("x"), &["Patient/a1".to_owned()][..]));
}

#[test]
fn mistakes_are_told() {
    assert_eq!(told(&[]), [""; 0]);
    assert_eq!(told(&["for = \"c\""]), ["scenario.credential-without-service"]);
    assert_eq!(told(&["for = \"c/apo\""]), ["scenario.unknown-service"]);
    assert_eq!(told(&["kind = \"cookie\""]), ["scenario.unknown-word"]);
    assert_eq!(told(&["kind = \"basic\""]), ["scenario.missing-key"]);
    assert_eq!(told(&["role = \"king\""]), ["scenario.unknown-word"]);
    assert_eq!(told(&["token = \"x\""]), ["scenario.secret-in-scenario"]);
    assert_eq!(told(&["Password = \"x\""]), ["scenario.secret-in-scenario"]);
    assert_eq!(told(&["from_file = \"a.secret\""]), ["scenario.secret-twice"]);
    for name in ["PATH", "AUSCULT_", "auscult_a", "AUSCULT_A-B"] {
        assert_eq!(told(&[&format!("from_env = \"{name}\"")]), ["scenario.bad-secret-env"], "{name}");
    }
    let file = |name: &str| {
        let lines = GOOD.iter().filter(|l| !l.starts_with("from_")).copied().collect::<Vec<_>>().join("\n");
        let text = format!("{HEAD}[credentials.anna]\n{lines}\nfrom_file = \"{name}\"\n");
        parse(&text).err().unwrap_or_default().into_iter().map(|m| m.message.id).collect::<Vec<_>>()
    };
    assert_eq!(file("keys/a.secret"), [""; 0]);
    for name in ["/etc/shadow", "../a.secret", "a.toml", "/a.secret", "keys\\\\a.secret"] {
        assert_eq!(file(name), ["scenario.bad-secret-file"], "{name}");
    }
    for owned in
        ["Patient/a1?x=1", "../x", "/a/../b", "Patient", "/", "/a b", "/a#b", "/%2e%2e/x", "//host/x"]
    {
        assert_eq!(told(&[&format!("owns = [\"{owned}\"]")]), ["scenario.bad-owned"], "{owned}");
    }
    assert_eq!(told(&["logout = \"/logout\""]), ["scenario.only-for-form"]);
    assert_eq!(told(&["idle = \"5 min\""]), ["scenario.only-for-form"]);
    for wrong in ["16 min", "0 s", "soon"] {
        let idle = format!("idle = \"{wrong}\"");
        assert_eq!(told(&["kind = \"form\"", "user = \"anna\"", &idle]), ["scenario.bad-idle"], "{wrong}");
    }
    assert_eq!(
        told(&["kind = \"form\"", "user = \"anna\"", "logout = \"/logout\"", "login = \"/\""]),
        [""; 0]
    );
    assert_eq!(told(&["kind = \"form\"", "user = \"anna\"", "logout = \"logout?x\""]), ["scenario.bad-base"]);
    assert_eq!(told(&["role = \"guess\"", "kind = \"form\""]), ["scenario.guess-with-secret"]);
    let guess = "[credentials.lock]\nfor = \"c/api\"\nkind = \"KIND\"\nrole = \"guess\"\n";
    let guess = |kind| parse(&format!("{HEAD}{}", guess.replace("KIND", kind)));
    assert!(guess("form").is_ok() && guess("mqtt").is_ok());
    assert_eq!(guess("bearer").unwrap_err()[0].message.id, "scenario.guess-at-tokens");
    assert_eq!(told(&["owns = []"]), ["scenario.missing-key"]);
    assert_eq!(told(&["topics = [\"ward/#\"]"]), ["scenario.owns-otherwise"]);
}

#[test]
fn topics_belong_to_somebody() {
    let mqtt = |topics: &str| {
        let lines =
            "for = \"c/api\"\nkind = \"mqtt\"\nuser = \"u\"\nrole = \"patient\"\nfrom_env = \"AUSCULT_A\"";
        let text = format!("{HEAD}[credentials.anna]\n{lines}\ntopics = {topics}\n");
        parse(&text).err().unwrap_or_default().into_iter().map(|m| m.message.id).collect::<Vec<_>>()
    };
    assert_eq!(mqtt("[\"ward/+/a1/#\"]"), [""; 0]);
    for topic in ["#", "+/a", "$SYS/#", "a/#/b", "a+"] {
        assert_eq!(mqtt(&format!("[\"{topic}\"]")), ["scenario.bad-owned"], "{topic}");
    }
}

#[test]
fn everything_that_may_be_a_secret_is_covered() {
    let text = "[credentials.a]\ntoken = \"sesame\"\nfrom_env = \"sesame\"\nx = { y = [\"sesame\",\n \"sesame\"] }\n\
                user = \"shown\"\nfrom_file = \"shown.secret\"\n[credentials]\nb = \"sesame\"\n";
    let text = covered(text);
    assert!(!text.contains("sesame"), "{text}");
    assert_eq!(text.matches("shown").count(), 2, "{text}");
    let unread = "[credentials.a]\ntoken = \"sesame\nuser = \"shown\"\nkind = { x = \"sesame\" \n";
    let unread = covered(unread);
    assert!(!unread.contains("sesame") && unread.contains("shown"), "{unread}");
    let broken = "credentials.a.token = \"ä\" # é\n[x";
    assert_eq!(covered(broken).len(), broken.len());
}
