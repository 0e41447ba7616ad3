//! Secrets of a scenario stay in memory: whatever is written holds none of them, in whichever form.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use auscult_lab::{Edith, Options, Variant};
use auscult_model::scenario::parse;

/// A secret that no other text holds, with letters that each form writes differently.
const MARKED: &str = "marked+secret/4711~ü?";

/// Worlds that lie at the same addresses stand one after the other.
static WORLD: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The forms in which a secret could be written down.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let hex: String = secret.bytes().map(|b| format!("{b:02x}")).collect();
    let url = |plain: fn(&u8) -> bool, upper: bool| -> String {
        let one = |b: u8| match (plain(&b), upper) {
            (true, _) => char::from(b).to_string(),
            (false, true) => format!("%{b:02X}"),
            (false, false) => format!("%{b:02x}"),
        };
        secret.bytes().map(one).collect()
    };
    let mut forms = vec![secret.to_owned(), hex.to_uppercase(), hex];
    for upper in [true, false] {
        forms.push(url(u8::is_ascii_alphanumeric, upper));
        forms.push(url(|b| b.is_ascii_alphanumeric() || b"-._~".contains(b), upper));
    }
    // Of what comes before it in a line only its length changes how base64 writes it.
    for before in ["", "u", "us"] {
        let whole = base64(format!("{before}{secret}").as_bytes());
        forms.push(whole[4..whole.len() - 4].to_owned());
    }
    forms.into_iter().map(String::into_bytes).collect()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let n = three.iter().enumerate().fold(0u32, |n, (i, b)| n | u32::from(*b) << (16 - 8 * i));
        for i in 0..=three.len() {
            text.push(char::from(LETTERS[(n >> (18 - 6 * i) & 63) as usize]));
        }
    }
    text
}

fn auscult(home: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auscult"));
    command.current_dir(home).args(args).env("AUSCULT_TEST_MARKED", MARKED).output().unwrap()
}

/// Everything below a folder, but the files in which the secrets are.
fn written(folder: &Path, all: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            written(&entry, all);
        } else if entry.extension().is_none_or(|e| e != "secret") {
            all.push((entry.display().to_string(), fs::read(&entry).unwrap()));
        }
    }
}

fn none_is_in(secrets: &[String], all: &[(String, Vec<u8>)]) {
    for secret in secrets {
        for form in forms(secret) {
            for (name, bytes) in all {
                let found = bytes.windows(form.len()).any(|w| w == form);
                assert!(!found, "`{}` stands in {name}", String::from_utf8_lossy(&form));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_written_anywhere() {
    let _alone = WORLD.lock().await;
    let home = tempfile::tempdir().unwrap();
    // The broker takes passwords only in a world that does not demand certificates.
    let mut options =
        Options { octet: 94, dir: Some(home.path().to_owned()), ..Options::new(Variant::Target) };
    options.faults.extend(["broker-other-topic", "fhir-other-patient"]);
    let edith = Edith::up(options).await.unwrap();
    let mut scenario = fs::read_to_string(home.path().join("scenario.toml")).unwrap();
    scenario += "[credentials.marked]\nfor = \"platform/fhir\"\nkind = \"basic\"\nuser = \"u\"\nrole = \"patient\"\n\
                 from_env = \"AUSCULT_TEST_MARKED\"\nowns = [\"Patient/TEST-0002\"]\n";
    fs::write(home.path().join("scenario.toml"), &scenario).unwrap();
    let parsed = parse(&scenario).unwrap();
    let place = home.path().to_owned();
    let (first, second) = tokio::task::spawn_blocking(move || {
        let args = ["check", "scenario.toml", "--case", "case", "--declared-only", "--node", "platform"];
        let telling =
            ["--reporter", "json", "--reporter", "html:report.html", "--reporter", "human:report.txt"];
        let first = auscult(&place, &[&args[..], &telling].concat());
        let second = auscult(&place, &["report", "case"]);
        (first, second)
    })
    .await
    .unwrap();
    let assessment: auscult_model::assessment::Assessment = serde_json::from_slice(&first.stdout).unwrap();
    let tried = |target: &str| {
        let trials = assessment.rulings.iter().flat_map(|r| &r.trials);
        trials.filter(|t| t.check.as_str() == "access-other-patient" && t.target == target).count()
    };
    assert!(tried("platform/fhir") > 0 && tried("platform/broker") > 0, "the secrets were used");
    let mut all = vec![
        ("standard output".to_owned(), first.stdout),
        ("standard error".to_owned(), first.stderr),
        ("the report".to_owned(), second.stdout),
    ];
    written(home.path(), &mut all);
    assert!(all.iter().any(|(name, bytes)| name.ends_with("evidence.jsonl") && {
        String::from_utf8_lossy(bytes).contains("\"marked\"")
    }));
    let mut secrets = vec![MARKED.to_owned()];
    secrets.extend(edith.secrets().into_iter().map(|(_, s)| String::from_utf8(s).unwrap()));
    assert_eq!(secrets.len(), parsed.credentials.iter().filter(|c| c.secret.is_some()).count());
    none_is_in(&secrets, &all);
    edith.down().await;
}

#[test]
fn a_secret_in_a_scenario_is_a_mistake_and_not_repeated() {
    let home = tempfile::tempdir().unwrap();
    let head = "title = \"t\"\nstage = \"target\"\nsetting = \"homecare\"\n\
                [cloud.c]\nservices = [{ name = \"api\", port = 1, protocol = \"fhir\" }]\n";
    for wrong in [
        format!("token = \"{MARKED}\""),
        format!("password = \"{MARKED}\"\nfrom_env = \"AUSCULT_A\""),
        format!("from_env = \"{MARKED}\""),
        format!("from_file = \"{MARKED}\""),
        format!("tokn = \"{MARKED}\"\nfrom_env = \"AUSCULT_A\""),
        format!("token = \"{MARKED}"),
        format!("from_env = \"AUSCULT_A\"\nextra = {{ deep = [\"{MARKED}\"] }}"),
    ] {
        let text = format!(
            "{head}[credentials.anna]\nfor = \"c/api\"\nkind = \"bearer\"\nrole = \"patient\"\nowns = [\"Patient/1\"]\n{wrong}\n"
        );
        assert!(parse(&text).is_err(), "{wrong}");
        fs::write(home.path().join("s.toml"), &text).unwrap();
        let out = auscult(home.path(), &["plan", "s.toml"]);
        assert_eq!(out.status.code(), Some(2), "{wrong}");
        none_is_in(&[MARKED.to_owned()], &[("it".to_owned(), [out.stdout, out.stderr].concat())]);
    }
}

#[test]
fn a_secret_that_is_not_there_is_told_by_its_name() {
    let home = tempfile::tempdir().unwrap();
    let text = "title = \"t\"\nstage = \"target\"\nsetting = \"homecare\"\n\
                [authorisation]\nby = \"x\"\nuntil = 2099-12-31\nimpact = \"intrusive\"\n\
                [cloud.c]\nservices = [{ name = \"api\", port = 1, protocol = \"fhir\" }]\n\
                [credentials.anna]\nfor = \"c/api\"\nkind = \"bearer\"\nrole = \"patient\"\nowns = [\"Patient/1\"]\n\
                from_env = \"AUSCULT_TEST_NOT_SET\"\n";
    fs::write(home.path().join("s.toml"), text).unwrap();
    let out = auscult(home.path(), &["check", "s.toml", "--case", "case"]);
    let told = String::from_utf8_lossy(&out.stderr);
    assert!(
        out.status.code() == Some(2) && told.contains("anna") && told.contains("AUSCULT_TEST_NOT_SET"),
        "{told}"
    );
    // Where no login is allowed no secret is needed.
    let out = auscult(home.path(), &["check", "s.toml", "--case", "case", "--impact", "safe"]);
    assert_eq!(out.status.code(), Some(3), "{}", String::from_utf8_lossy(&out.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_of_ones_own_are_tried_and_their_passwords_not_kept() {
    const OWN: &str = "owner | label-7Q4M-R2XK | the label below the cuff\n";
    let _alone = WORLD.lock().await;
    let home = tempfile::tempdir().unwrap();
    let options = Options { octet: 94, dir: Some(home.path().to_owned()), ..Options::new(Variant::Target) };
    let edith = Edith::up(options).await.unwrap();
    fs::write(home.path().join("own.txt"), OWN).unwrap();
    fs::write(home.path().join("wrong.txt"), "owner label-7Q4M-R2XK\n").unwrap();
    let place = home.path().to_owned();
    let (without, with, wrong) = tokio::task::spawn_blocking(move || {
        let args =
            ["check", "scenario.toml", "--declared-only", "--node", "cuff", "--reporter", "json", "--case"];
        let check = |more: &[&str]| auscult(&place, &[&args[..], more].concat());
        let without = check(&["without"]);
        let with = check(&["with", "--credentials", "own.txt"]);
        (without, with, check(&["wrong", "--credentials", "wrong.txt"]))
    })
    .await
    .unwrap();
    let opened = |out: &Output| {
        let assessment: auscult_model::assessment::Assessment = serde_json::from_slice(&out.stdout).unwrap();
        let mut trials = assessment.rulings.into_iter().flat_map(|r| r.trials);
        trials.any(|t| {
            t.check.as_str() == "http-default-credentials" && t.verdict == auscult_model::Verdict::Fail
        })
    };
    assert!(!opened(&without) && opened(&with));
    let told = String::from_utf8_lossy(&wrong.stderr);
    assert!(wrong.status.code() == Some(2) && told.contains("line 1"), "{told}");
    let mut all = vec![("standard error".to_owned(), wrong.stderr)];
    written(&home.path().join("with"), &mut all);
    none_is_in(&["label-7Q4M-R2XK".to_owned()], &all);
    edith.down().await;
}
