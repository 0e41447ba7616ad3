//! What the TLS observer sees of revocation: statuses that OpenSSL makes and staples, and its lists.

use auscult_facts::Answer;
use auscult_facts::tls::{Revocation, StapleSays, StapleSigned};
use auscult_model::Impact;
use auscult_probe::tls::Tls;
use auscult_probe::{Depth, Errand, Observer, certificates_in_pem, revocation_lists};

use crate::support::{Shop, bench, errand, limits, subject};

/// Serial numbers of the certificates, as an index of OpenSSL writes them.
const SERIAL: &str = "1000";
const OTHER: &str = "2000";

/// An authority, a certificate of it, and an index that says what became of it.
fn shop(entry: &str, more: &str) -> Shop {
    let shop = Shop::new();
    authority(&shop, "ca");
    shop.openssl("req -new -newkey rsa:2048 -nodes -keyout @a.key -out @a.csr -subj /CN=dut.test");
    std::fs::write(shop.path("a.ext"), format!("subjectAltName=DNS:dut.test\n{more}\n")).unwrap();
    shop.openssl(&format!(
        "x509 -req -in @a.csr -CA @ca.crt -CAkey @ca.key -set_serial 0x{SERIAL} -days 300 -extfile @a.ext -out @a.crt"
    ));
    std::fs::write(shop.path("index"), entry).unwrap();
    shop
}

fn authority(shop: &Shop, name: &str) {
    shop.openssl(&format!(
        "req -x509 -newkey rsa:2048 -nodes -keyout @{name}.key -out @{name}.crt -days 365 -subj /CN=authority \
         -addext keyUsage=critical,keyCertSign,cRLSign"
    ));
}

fn valid(serial: &str) -> String {
    format!("V\t301231235959Z\t\t{serial}\tunknown\t/CN=dut.test\n")
}

fn revoked(serial: &str) -> String {
    format!("R\t301231235959Z\t261101000000Z,keyCompromise\t{serial}\tunknown\t/CN=dut.test\n")
}

/// Makes a status of the certificate, signed by a responder.
fn status(shop: &Shop, signer: &str) {
    shop.openssl("ocsp -issuer @ca.crt -cert @a.crt -no_nonce -reqout @request.der");
    shop.openssl(&format!(
        "ocsp -index @index -CA @ca.crt -rsigner @{signer}.crt -rkey @{signer}.key -reqin @request.der -ndays 5 \
         -respout @status.der"
    ));
}

async fn seen(shop: &Shop, arguments: &str, lists: &[&str], anchored: bool, impact: Impact) -> Revocation {
    let server = shop.serve(&format!("-cert @a.crt -key @a.key {arguments}"));
    let anchors = certificates_in_pem(&std::fs::read(shop.path("ca.crt")).unwrap()).unwrap();
    let lists =
        lists.iter().flat_map(|name| revocation_lists(&std::fs::read(shop.path(name)).unwrap()).unwrap());
    let errand = Errand {
        crls: lists.collect(),
        at: "2026-11-25T12:00:00Z".parse().unwrap(),
        ..errand(Depth::Verdict, if anchored { anchors } else { Vec::new() })
    };
    let bench = bench(server.port, impact, limits());
    let facts = Tls::look(&bench, &subject(server.port, None), &errand).await.unwrap();
    facts.revocation.seen().expect("the chain was seen").clone()
}

const STAPLES: &str = "-status -status_file @status.der";

#[tokio::test(flavor = "multi_thread")]
async fn stapled_statuses() {
    for (entry, says) in [
        (valid(SERIAL), StapleSays::Good),
        (revoked(SERIAL), StapleSays::Revoked),
        (valid(OTHER), StapleSays::Unknown),
    ] {
        let shop = shop(&entry, "");
        status(&shop, "ca");
        for version in ["-tls1_2", "-tls1_3", ""] {
            for impact in [Impact::Safe, Impact::Touch] {
                let found = seen(&shop, &format!("{STAPLES} {version}"), &[], true, impact).await;
                let staple = found.staple.seen().unwrap().as_ref().expect("one is stapled");
                assert_eq!(
                    (staple.says, staple.signed),
                    (says, StapleSigned::Issuer),
                    "{version} {impact:?}"
                );
                let lasts = staple.next_update.unwrap().duration_since(staple.this_update.unwrap());
                assert_eq!(lasts.as_hours(), 5 * 24);
                assert!(found.issuer_known && !found.must_staple && found.lists.is_empty());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signed_a_status() {
    let shop = shop(&valid(SERIAL), "");
    // A responder of the authority, and somebody who has only its name.
    for (name, usage) in
        [("responder", "extendedKeyUsage=OCSPSigning"), ("server", "extendedKeyUsage=serverAuth")]
    {
        shop.openssl(&format!(
            "req -new -newkey rsa:2048 -nodes -keyout @{name}.key -out @{name}.csr -subj /CN={name}"
        ));
        std::fs::write(shop.path(&format!("{name}.ext")), usage).unwrap();
        shop.openssl(&format!(
            "x509 -req -in @{name}.csr -CA @ca.crt -CAkey @ca.key -days 300 -extfile @{name}.ext -out @{name}.crt"
        ));
    }
    authority(&shop, "twin");
    for (signer, signed) in [
        ("responder", StapleSigned::Delegate),
        ("server", StapleSigned::Nobody),
        ("twin", StapleSigned::Nobody),
    ] {
        status(&shop, signer);
        let found = seen(&shop, STAPLES, &[], true, Impact::Safe).await;
        let staple = found.staple.seen().unwrap().as_ref().expect("one is stapled");
        assert_eq!((staple.says, staple.signed), (StapleSays::Good, signed), "{signer}");
    }
    let found = seen(&shop, STAPLES, &[], false, Impact::Safe).await;
    let staple = found.staple.seen().unwrap().as_ref().expect("one is stapled");
    assert_eq!(staple.signed, StapleSigned::Unverified, "the issuer is not known");
    assert!(!found.issuer_known);
}

#[tokio::test(flavor = "multi_thread")]
async fn promises_without_a_status() {
    let shop = shop("", "tlsfeature=status_request");
    for version in ["-tls1_2", "-tls1_3"] {
        let found = seen(&shop, version, &[], true, Impact::Safe).await;
        assert!(found.must_staple);
        assert_eq!(found.staple, Answer::Seen(None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_the_authority() {
    for (entry, is_revoked) in [(revoked(SERIAL), true), (revoked(OTHER), false)] {
        let shop = shop(&entry, "");
        std::fs::write(shop.path("crlnumber"), "01\n").unwrap();
        let configuration = format!(
            "[ca]\ndefault_ca=here\n[here]\ndatabase={}\ncrlnumber={}\ndefault_md=sha256\n",
            shop.path("index"),
            shop.path("crlnumber")
        );
        std::fs::write(shop.path("ca.cnf"), configuration).unwrap();
        shop.openssl("ca -config @ca.cnf -gencrl -keyfile @ca.key -cert @ca.crt -crldays 30 -out @ca.crl");
        shop.openssl("crl -in @ca.crl -outform DER -out @ca.der");
        for list in ["ca.crl", "ca.der"] {
            let found = seen(&shop, "", &[list], true, Impact::Touch).await;
            assert_eq!(found.lists.len(), 1);
            assert_eq!((found.lists[0].certificate, found.lists[0].revoked), (0, is_revoked));
            assert!(found.lists[0].next_update.is_some());
        }
        // Without the authority nothing shows that the list is its own.
        assert!(seen(&shop, "", &["ca.crl"], false, Impact::Touch).await.lists.is_empty());
    }
    assert_eq!(revocation_lists(b"no list"), None);
}
