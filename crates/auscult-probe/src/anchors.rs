//! Trust anchors as a scenario names them: certificates in PEM form.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Most anchors taken from one file.
const MOST: usize = 10_000;

/// The certificates of a PEM file, DER; `None` where a block that begins does not end as PEM does.
pub fn certificates_in_pem(pem: &[u8]) -> Option<Vec<Vec<u8>>> {
    CertificateDer::pem_slice_iter(pem).take(MOST).map(|c| c.ok().map(|c| c.to_vec())).collect()
}
