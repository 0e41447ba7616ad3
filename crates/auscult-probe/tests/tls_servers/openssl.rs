//! The TLS observer against servers by OpenSSL.

use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use crate::support::{Shop, counting_proxy, limits, look, verdict};
use auscult_facts::tls::{ClientCertificate, Path, Version};
use auscult_facts::{Answer, NotAsked};
use auscult_model::Impact;
use auscult_probe::Depth;

const SEEN_FALSE: Answer<bool> = Answer::Seen(false);
const SEEN_TRUE: Answer<bool> = Answer::Seen(true);

#[tokio::test(flavor = "multi_thread")]
async fn only_tls12() {
    let shop = Shop::new();
    shop.certificate("a", "rsa:2048", "-addext subjectAltName=DNS:dut.test,IP:127.0.0.1");
    let server = shop.serve("-tls1_2 -cert @a.crt -key @a.key -cipher ECDHE-RSA-AES128-GCM-SHA256");
    let (port, count) = counting_proxy(server.port).await;
    let facts = verdict(port).await;
    assert!(count.load(SeqCst) <= 12, "{} connections", count.load(SeqCst));
    for version in Version::ALL {
        assert_eq!(facts.versions[&version], Answer::Seen(version == Version::Tls12), "{version:?}");
    }
    assert_eq!(facts.chosen, Answer::Seen(Version::Tls12));
    assert_eq!(facts.suites[&Version::Tls12][0].name, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assert_eq!((&facts.broken_suites, &facts.dated_suites), (&Answer::Seen(vec![]), &Answer::Seen(vec![])));
    assert_eq!(facts.weak_groups, Answer::Seen(vec![]));
    assert_eq!(facts.dh_bits, Answer::Seen(None));
    assert_eq!((&facts.secure_renegotiation, &facts.compression), (&SEEN_TRUE, &SEEN_FALSE));
    assert_eq!(facts.fallback_refused, Answer::NotAsked(NotAsked::NoOccasion));
    assert_eq!(facts.client_certificate, Answer::Seen(ClientCertificate::NotAsked));
    assert_eq!(facts.path, Answer::Seen(Path::SelfSigned));
    let chain = facts.chain.seen().unwrap();
    assert_eq!((chain[0].key_bits, chain[0].signature.as_str()), (2048, "sha256-rsa"));
    assert_eq!(chain[0].names, ["dut.test", "127.0.0.1"]);
    assert!(!facts.inventory);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_tls13() {
    let shop = Shop::new();
    shop.certificate("a", "ec -pkeyopt ec_paramgen_curve:prime256v1", "");
    let server = shop.serve("-tls1_3 -cert @a.crt -key @a.key");
    let (port, count) = counting_proxy(server.port).await;
    let facts = verdict(port).await;
    assert!(count.load(SeqCst) <= 12, "{} connections", count.load(SeqCst));
    for version in Version::ALL {
        assert_eq!(facts.versions[&version], Answer::Seen(version == Version::Tls13), "{version:?}");
    }
    assert_eq!(facts.post_quantum, SEEN_FALSE);
    assert_eq!(facts.broken_suites, Answer::Seen(vec![]));
    assert_eq!(facts.chain.seen().unwrap()[0].key_bits, 256);
    assert_eq!(facts.secure_renegotiation, Answer::NotAsked(NotAsked::NoOccasion));
    assert_eq!(facts.groups.seen().unwrap()[0].name, "x25519");
    assert_eq!(facts.client_certificate, Answer::Seen(ClientCertificate::NotAsked));
}

#[tokio::test(flavor = "multi_thread")]
async fn old_versions_and_everything_else() {
    let shop = Shop::new();
    shop.certificate("a", "rsa:1024", "");
    shop.openssl("dhparam -dsaparam -out @dh.pem 1024");
    let server = shop.serve(
        "-cert @a.crt -key @a.key -dhparam @dh.pem -min_protocol TLSv1 -cipher ALL:COMPLEMENTOFALL:@SECLEVEL=0 -serverpref",
    );
    let (port, count) = counting_proxy(server.port).await;
    let facts = verdict(port).await;
    assert!(count.load(SeqCst) <= 12, "{} connections", count.load(SeqCst));
    for version in Version::ALL {
        assert_eq!(facts.versions[&version], Answer::Seen(version >= Version::Tls10), "{version:?}");
    }
    assert_eq!(facts.chosen, Answer::Seen(Version::Tls13));
    assert!(!facts.broken_suites.seen().unwrap().is_empty());
    assert!(!facts.dated_suites.seen().unwrap().is_empty());
    assert_eq!(facts.dh_bits, Answer::Seen(Some(1024)));
    assert_eq!(facts.fallback_refused, SEEN_TRUE);
    assert_eq!(facts.chain.seen().unwrap()[0].key_bits, 1024);
    assert_eq!(facts.path, Answer::Seen(Path::SelfSigned));
}

#[tokio::test(flavor = "multi_thread")]
async fn inventory_names_what_openssl_says_it_has() {
    let shop = Shop::new();
    shop.certificate("a", "rsa:2048", "");
    let server = shop.serve(
        "-cert @a.crt -key @a.key -min_protocol TLSv1 -cipher AES:CAMELLIA:!PSK:!SRP:!aNULL:@SECLEVEL=0",
    );
    let (port, count) = counting_proxy(server.port).await;
    let (facts, connections, _) = look(port, Depth::Inventory, Impact::Intrusive, limits(), None).await;
    let facts = facts.unwrap();
    assert!(facts.inventory);
    let pairs: usize = facts.suites.values().map(Vec::len).sum();
    assert_eq!(count.load(SeqCst) as u64, connections);
    assert!(connections <= 150.max(pairs as u64 + 64), "{connections} connections for {pairs} pairs");
    let listed = |arguments: &[&str]| {
        let out = std::process::Command::new("openssl").arg("ciphers").args(arguments).output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    let spec = "AES:CAMELLIA:!PSK:!SRP:!aNULL:@SECLEVEL=0";
    let all = listed(&["-s", "-stdname", "-tls1_2", spec]);
    let mut expected: Vec<&str> = all
        .lines()
        .filter(|l| l.contains("Au=RSA") || l.contains("Kx=RSA"))
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    let mut found: Vec<&str> = facts.suites[&Version::Tls12].iter().map(|s| s.name.as_str()).collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(facts.suites[&Version::Tls13].len(), 3);
    assert_eq!(facts.server_order, SEEN_FALSE);
    let groups: Vec<&str> = facts.groups.seen().unwrap().iter().map(|g| g.name.as_str()).collect();
    for group in ["x25519", "secp256r1", "x448", "secp521r1", "secp384r1"] {
        assert!(groups.contains(&group), "{group} in {groups:?}");
    }
}

/// The server that others are measured by: TLS 1.0 to 1.3, two certificates, every suite with a certificate.
#[tokio::test(flavor = "multi_thread")]
async fn inventory_of_a_weak_server_takes_at_most_150_connections() {
    let shop = Shop::new();
    shop.certificate("rsa", "rsa:2048", "");
    shop.certificate("ec", "ec -pkeyopt ec_paramgen_curve:prime256v1", "");
    shop.openssl("dhparam -dsaparam -out @dh.pem 2048");
    let server = shop.serve(
        "-cert @rsa.crt -key @rsa.key -dcert @ec.crt -dkey @ec.key -dhparam @dh.pem -min_protocol TLSv1 -serverpref \
         -cipher ALL:!PSK:!SRP:!aNULL:@SECLEVEL=0",
    );
    let port = crate::support::slow_proxy(server.port, Duration::from_millis(10)).await;
    let (facts, connections, _) = look(port, Depth::Inventory, Impact::Intrusive, limits(), None).await;
    let facts = facts.unwrap();
    let pairs: usize = facts.suites.values().map(Vec::len).sum();
    assert!(facts.inventory);
    assert_eq!(pairs, 86);
    assert!(connections <= 150, "{connections} connections");
    assert_eq!(facts.server_order, SEEN_TRUE);
}

#[tokio::test(flavor = "multi_thread")]
async fn inventory_needs_intrusive() {
    let shop = Shop::new();
    shop.certificate("a", "rsa:2048", "");
    let server = shop.serve("-cert @a.crt -key @a.key -serverpref");
    let (facts, connections, _) = look(server.port, Depth::Inventory, Impact::Safe, limits(), None).await;
    assert!(!facts.unwrap().inventory);
    assert!(connections <= 12);
    let (facts, ..) = look(server.port, Depth::Inventory, Impact::Intrusive, limits(), None).await;
    assert_eq!(facts.unwrap().server_order, SEEN_TRUE);
}

#[tokio::test(flavor = "multi_thread")]
async fn touch_is_one_ordinary_handshake() {
    let shop = Shop::new();
    shop.certificate("a", "rsa:2048", "");
    let server = shop.serve("-cert @a.crt -key @a.key");
    let (facts, connections, _) = look(server.port, Depth::Verdict, Impact::Touch, limits(), None).await;
    let facts = facts.unwrap();
    assert_eq!(connections, 1);
    assert_eq!(facts.chosen, Answer::Seen(Version::Tls13));
    assert_eq!(facts.versions[&Version::Tls10], Answer::NotAsked(NotAsked::Impact));
    assert_eq!(facts.broken_suites, Answer::NotAsked(NotAsked::Impact));
    assert_eq!(facts.path, Answer::Seen(Path::SelfSigned));
}

#[tokio::test(flavor = "multi_thread")]
async fn client_certificates() {
    let shop = Shop::new();
    shop.certificate("a", "rsa:2048", "");
    for version in ["-tls1_2", "-tls1_3", ""] {
        for (mode, expected) in
            [("-Verify 1", ClientCertificate::Demanded), ("-verify 1", ClientCertificate::Asked)]
        {
            let server = shop.serve(&format!("-cert @a.crt -key @a.key -CAfile @a.crt {version} {mode}"));
            let facts = verdict(server.port).await;
            assert_eq!(facts.client_certificate, Answer::Seen(expected), "{version} {mode}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_and_old_fashioned_certificates() {
    let shop = Shop::new();
    shop.certificate("root", "rsa:2048", "");
    shop.openssl("req -new -newkey rsa:1024 -nodes -keyout @old.key -out @old.csr -subj /CN=old.test -sha1");
    // Version 1, SHA-1, expired at once.
    shop.openssl(
        "x509 -req -in @old.csr -CA @root.crt -CAkey @root.key -CAcreateserial -days 0 -sha1 -out @old.crt",
    );
    let server = shop.serve("-cert @old.crt -key @old.key -cipher ALL:@SECLEVEL=0");
    let root = std::fs::read(shop.path("root.crt")).unwrap();
    let root = x509_parser::pem::parse_x509_pem(&root).unwrap().1.contents;
    let bench = crate::support::bench(server.port, Impact::Safe, limits());
    let errand = crate::support::errand(Depth::Verdict, vec![root]);
    let subject = crate::support::subject(server.port, None);
    use auscult_probe::Observer;
    let facts = auscult_probe::tls::Tls::look(&bench, &subject, &errand).await.unwrap();
    let leaf = &facts.chain.seen().unwrap()[0];
    assert_eq!((leaf.key_bits, leaf.signature.as_str()), (1024, "sha1-rsa"));
    assert!(leaf.not_after.as_second() - leaf.not_before.as_second() <= 1);
    assert_eq!(facts.path, Answer::Seen(Path::Anchored));
}
