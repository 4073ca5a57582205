//! Certificates: verified by rustls, and told about whatever comes of it.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, ProtocolVersion, RootCertStore,
    SignatureScheme,
};
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

/// Most names of a certificate that are kept.
const MOST_NAMES: usize = 100;

/// What TLS told of the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFacts {
    /// `TLS 1.3` or `TLS 1.2`.
    pub protocol: String,
    /// The cipher suite, as the registry of IANA has it.
    pub cipher: String,
    /// The protocol agreed on for what follows (RFC 7301): `h2`.
    pub alpn: Option<String>,
    /// Names and addresses that the certificate is for.
    pub subject_names: Vec<String>,
    /// Who signed it.
    pub issuer: String,
    /// From when it is valid, in seconds since 1970.
    pub not_before_unix: i64,
    /// Until when.
    pub not_after_unix: i64,
    /// What is wrong with it, where the exchange went on all the same.
    pub fault: Option<TlsFault>,
}

/// What is wrong with a certificate, or why there was no agreement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsFault {
    /// Its time is over.
    #[error("the certificate expired")]
    Expired,
    /// Its time has not begun.
    #[error("the certificate is not valid yet")]
    NotYetValid,
    /// It is for other names.
    #[error("the certificate is for another name")]
    WrongName,
    /// It is signed by itself.
    #[error("the certificate is signed by nobody but itself")]
    SelfSigned,
    /// It is signed by somebody who is not known here.
    #[error("nobody here trusts the issuer of the certificate")]
    UnknownIssuer,
    /// It was taken back.
    #[error("the certificate was revoked")]
    Revoked,
    /// Its signature does not fit.
    #[error("the signature of the certificate does not fit")]
    BadSignature,
    /// There is no version or cipher that both speak.
    #[error("there is no version of TLS that both sides speak: {0}")]
    Protocol(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl TlsFault {
    /// Its kind, for counting.
    pub(crate) fn class(&self) -> &'static str {
        match self {
            Self::Expired => "tls-expired",
            Self::NotYetValid => "tls-not-yet-valid",
            Self::WrongName => "tls-wrong-name",
            Self::SelfSigned => "tls-self-signed",
            Self::UnknownIssuer => "tls-unknown-issuer",
            Self::Revoked => "tls-revoked",
            Self::BadSignature => "tls-bad-signature",
            Self::Protocol(_) => "tls-protocol",
            Self::Other(_) => "tls",
        }
    }

    fn of(error: &Error, certificate: Option<&CertificateDer<'_>>) -> Self {
        let shown = || certificate.and_then(|der| X509Certificate::from_der(der).ok());
        let signs_itself = || shown().is_some_and(|(_, shown)| shown.verify_signature(None).is_ok());
        match error {
            Error::InvalidCertificate(wrong) => match wrong {
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Self::WrongName,
                CertificateError::Revoked => Self::Revoked,
                CertificateError::BadSignature => Self::BadSignature,
                CertificateError::UnknownIssuer if signs_itself() => Self::SelfSigned,
                CertificateError::UnknownIssuer => Self::UnknownIssuer,
                // webpki takes a certificate that may sign others for none that a server may show.
                _ if signs_itself() => Self::SelfSigned,
                other => Self::Other(format!("the certificate cannot be trusted: {other}")),
            },
            Error::PeerIncompatible(why) => Self::Protocol(format!("{why:?}")),
            Error::AlertReceived(alert) => Self::Protocol(format!("the server answered {alert:?}")),
            Error::InvalidMessage(_) => Self::Protocol("what was answered is not TLS".to_owned()),
            other => Self::Other(other.to_string()),
        }
    }

    /// Of what a handshake ended with.
    pub(crate) fn of_io(error: &std::io::Error, seen: &Seen) -> Self {
        if let Some(fault) = seen.fault() {
            return fault;
        }
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(inner) => Self::of(inner, None),
            None => Self::Other(format!("the connection ended while keys were agreed on: {error}")),
        }
    }
}

/// What a handshake showed of the certificate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen(Arc<Mutex<Option<TlsFault>>>);

impl Seen {
    fn fault(&self) -> Option<TlsFault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How connections are made safe.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    inner: Arc<WebPkiServerVerifier>,
    verify: bool,
    alpn: Vec<Vec<u8>>,
}

impl Tls {
    /// With Mozilla's authorities, the system's and these.
    pub(crate) fn new(extra: &[CertificateDer<'static>], verify: bool, http2: bool) -> Result<Self, String> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        for root in extra {
            roots.add(root.clone()).map_err(|e| format!("an authority of yours cannot be read: {e}"))?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
        let inner = verifier.build().map_err(|e| e.to_string())?;
        let alpn = if http2 { vec![b"h2".to_vec(), b"http/1.1".to_vec()] } else { vec![b"http/1.1".to_vec()] };
        Ok(Self { inner, verify, alpn })
    }

    /// The configuration of one connection, and what it will show. Each agrees on keys anew, so that it is always seen what that takes, and
    /// which certificate is shown.
    pub(crate) fn connection(&self) -> Result<(Arc<ClientConfig>, Seen), String> {
        let seen = Seen::default();
        let verifier = Verifier { inner: Arc::clone(&self.inner), verify: self.verify, seen: seen.clone() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let mut config = builder
            .map_err(|e| e.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols.clone_from(&self.alpn);
        config.resumption = Resumption::disabled();
        Ok((Arc::new(config), seen))
    }
}

/// Verifies as webpki does, and keeps what is wrong.
#[derive(Debug)]
struct Verifier {
    inner: Arc<WebPkiServerVerifier>,
    verify: bool,
    seen: Seen,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Ok(verified) => Ok(verified),
            Err(error) => {
                let fault = TlsFault::of(&error, Some(end_entity));
                *self.seen.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
                if self.verify { Err(error) } else { Ok(ServerCertVerified::assertion()) }
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// What a connection told.
pub(crate) fn facts(connection: &ClientConnection, seen: &Seen) -> TlsFacts {
    let protocol = match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3".to_owned(),
        Some(ProtocolVersion::TLSv1_2) => "TLS 1.2".to_owned(),
        other => format!("{other:?}"),
    };
    let mut facts = TlsFacts {
        protocol,
        cipher: connection.negotiated_cipher_suite().map(|suite| format!("{:?}", suite.suite())).unwrap_or_default(),
        alpn: connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
        subject_names: Vec::new(),
        issuer: String::new(),
        not_before_unix: 0,
        not_after_unix: 0,
        fault: seen.fault(),
    };
    let shown = connection.peer_certificates().and_then(|all| all.first());
    if let Some((_, certificate)) = shown.and_then(|der| X509Certificate::from_der(der).ok()) {
        facts.issuer = certificate.issuer().to_string();
        facts.not_before_unix = certificate.validity().not_before.timestamp();
        facts.not_after_unix = certificate.validity().not_after.timestamp();
        facts.subject_names = names(&certificate);
    }
    facts
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return Vec::new() };
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match (<[u8; 4]>::try_from(*bytes), <[u8; 16]>::try_from(*bytes)) {
            (Ok(v4), _) => Some(std::net::Ipv4Addr::from(v4).to_string()),
            (_, Ok(v6)) => Some(std::net::Ipv6Addr::from(v6).to_string()),
            _ => None,
        },
        _ => None,
    };
    names.value.general_names.iter().filter_map(name).take(MOST_NAMES).collect()
}
