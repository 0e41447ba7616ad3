//! Certificates as makers make them: with the openssl command line.

use crate::program::Ground;

/// File of the authority that a twin's scenario trusts.
pub(crate) const AUTHORITY: &str = "authority.crt";

/// File of what that authority has revoked, which the scenario names where it is there.
pub(crate) const LIST: &str = "authority.crl";

/// A sound key: P-256.
const SOUND: &str = "ec -pkeyopt ec_paramgen_curve:P-256";

/// The package that the command comes in.
const PACKAGE: &str = "openssl";

/// A certificate to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    /// Its files are `NAME.crt` and `NAME.key`.
    pub(crate) name: &'static str,
    /// As `openssl req -newkey` takes it.
    pub(crate) key: &'static str,
    /// `sha256` or a weaker hash.
    pub(crate) hash: &'static str,
    /// Name in it; the twin's own address where empty.
    pub(crate) host: &'static str,
    /// Extended key usage.
    pub(crate) usage: &'static str,
    /// Last day, as `openssl ca -enddate` takes it.
    pub(crate) until: &'static str,
    /// `NAME` of the authority that signs it, or its own name.
    pub(crate) by: &'static str,
}

/// A certificate without fault.
pub(crate) const GOOD: Order = Order {
    name: "server",
    key: SOUND,
    hash: "sha256",
    host: "",
    usage: "serverAuth",
    until: "20491231235959Z",
    by: "authority",
};

impl Ground {
    /// Makes an authority: `NAME.crt` and `NAME.key`.
    pub(crate) fn authority(&self, name: &str) {
        self.run(
            "openssl",
            PACKAGE,
            &format!(
                "req -x509 -newkey {SOUND} -nodes -keyout {name}.key -out {name}.crt -days 3650 -subj /CN={name} \
                 -addext keyUsage=critical,keyCertSign,cRLSign"
            ),
        );
    }

    /// Makes a certificate, signed by an authority that was made before or by itself.
    pub(crate) fn certificate(&self, order: Order) {
        let Order { name, key, hash, host, usage, until, by } = order;
        let names = if host.is_empty() { format!("IP:{}", self.address) } else { format!("DNS:{host}") };
        self.run(
            "openssl",
            PACKAGE,
            &format!("req -new -newkey {key} -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"),
        );
        self.write(
            &format!("{name}.cnf"),
            &format!(
                "[ca]\ndefault_ca = here\n[here]\ndatabase = {name}.index\nrand_serial = yes\nnew_certs_dir = .\n\
                 default_md = {hash}\npolicy = any\nx509_extensions = leaf\nunique_subject = no\n\
                 [any]\ncommonName = supplied\n\
                 [leaf]\nbasicConstraints = critical,CA:false\nsubjectAltName = {names}\n\
                 extendedKeyUsage = {usage}\n"
            ),
        );
        self.write(&format!("{name}.index"), "");
        let signer = if by == name {
            format!("-selfsign -keyfile {name}.key")
        } else {
            format!("-cert {by}.crt -keyfile {by}.key")
        };
        self.run(
            "openssl",
            PACKAGE,
            &format!(
                "ca -batch -notext -config {name}.cnf -in {name}.csr -out {name}.crt -startdate 20200101000000Z \
                 -enddate {until} {signer}"
            ),
        );
    }

    /// The good certificate of an authority that the scenario trusts.
    pub(crate) fn good_certificate(&self) {
        self.authority("authority");
        self.certificate(GOOD);
    }
}
