//! Certificates, made when they are needed.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use time::{Duration, OffsetDateTime};

/// What the certificate is like. All but one are signed by an authority that [`Origin::authority`](crate::Origin::authority) gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// For localhost, and good for so many days.
    Valid(i64),
    /// Its time ended yesterday.
    Expired,
    /// Its time begins tomorrow.
    NotYetValid,
    /// For another name.
    WrongName,
    /// Signed by itself.
    SelfSigned,
}

type Made = (Arc<ServerConfig>, Option<Vec<u8>>);

impl Certificate {
    /// What a server needs to show it, for a test that has a server of its own; and the authority that signed it, in DER.
    ///
    /// # Errors
    /// Where no key can be made.
    pub fn made(self) -> Result<Made, String> {
        make(self)
    }
}

fn make(kind: Certificate) -> Result<Made, String> {
    let text = |e: rcgen::Error| e.to_string();
    let name = if kind == Certificate::WrongName { "elsewhere.example" } else { "localhost" };
    let mut params = CertificateParams::new(vec![name.to_owned()]).map_err(text)?;
    let now = OffsetDateTime::now_utc();
    let (from, to) = match kind {
        Certificate::Expired => (now - Duration::days(30), now - Duration::days(1)),
        Certificate::NotYetValid => (now + Duration::days(1), now + Duration::days(30)),
        Certificate::Valid(days) => (now - Duration::days(1), now + Duration::days(days) + Duration::hours(1)),
        _ => (now - Duration::days(1), now + Duration::days(90)),
    };
    (params.not_before, params.not_after) = (from, to);
    let key = KeyPair::generate().map_err(text)?;
    let private = PrivateKeyDer::try_from(key.serialize_der()).map_err(str::to_owned)?;
    let (chain, authority) = if kind == Certificate::SelfSigned {
        (vec![params.self_signed(&key).map_err(text)?.der().clone()], None)
    } else {
        let mut of_authority = CertificateParams::new(Vec::<String>::new()).map_err(text)?;
        of_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(of_authority, KeyPair::generate().map_err(text)?).map_err(text)?;
        let signed = params.signed_by(&key, &issuer).map_err(text)?;
        (vec![signed.der().clone()], Some(issuer.der().to_vec()))
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = builder.map_err(|e| e.to_string())?.with_no_client_auth();
    let config = config.with_single_cert(chain, private).map_err(|e| e.to_string())?;
    Ok((Arc::new(config), authority))
}
