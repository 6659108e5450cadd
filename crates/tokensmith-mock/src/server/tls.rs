//! TLS with a certificate that is made on the spot.

use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName as Name, ServerConfig, SignatureScheme};
use tokio_rustls::TlsAcceptor;

/// What a server speaks TLS with.
pub(super) struct Tls {
    pub(super) acceptor: TlsAcceptor,
    /// The certificate of the authority that a client has to trust, as PEM.
    pub(super) authority: String,
}

/// Why there is no TLS.
type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Tls {
    /// Makes an authority that lives as long as the process, and a certificate for this machine's
    /// names and an address.
    pub(super) fn make(address: IpAddr) -> Result<Self, Failure> {
        let key = KeyPair::generate()?;
        let mut parameters = valid("Tokensmith mock, made for one run")?;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let authority = parameters.self_signed(&key)?.pem();
        let issuer = Issuer::new(parameters, key);

        let key = KeyPair::generate()?;
        let mut parameters = valid("localhost")?;
        parameters.subject_alt_names = names(address)?;
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        parameters.use_authority_key_identifier_extension = true;
        let certificate = parameters.signed_by(&key, &issuer)?;
        let key = PrivateKeyDer::try_from(key.serialize_der())?;

        let provider = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(Arc::new(AnyCertificate::new(&provider)))
            .with_single_cert(vec![certificate.der().clone()], key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            authority,
        })
    }
}

/// A certificate that is valid from yesterday on for a year: some systems refuse longer ones.
fn valid(name: &str) -> Result<CertificateParams, Failure> {
    let mut parameters = CertificateParams::default();
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, name);
    parameters.distinguished_name = subject;
    let today = jiff::Zoned::now().date();
    let date = |date: jiff::civil::Date| -> Result<_, Failure> {
        let (month, day) = (u8::try_from(date.month())?, u8::try_from(date.day())?);
        Ok(date_time_ymd(date.year().into(), month, day))
    };
    parameters.not_before = date(today.yesterday()?)?;
    parameters.not_after = date(today.saturating_add(jiff::Span::new().days(365)))?;
    Ok(parameters)
}

/// The names that clients on this machine have for it, and the address that it listens at.
fn names(address: IpAddr) -> Result<Vec<SanType>, Failure> {
    let mut names = vec![
        SanType::DnsName("localhost".try_into()?),
        SanType::DnsName("*.localhost".try_into()?),
        SanType::IpAddress([127, 0, 0, 1].into()),
        SanType::IpAddress(std::net::Ipv6Addr::LOCALHOST.into()),
    ];
    let address = SanType::IpAddress(address);
    if !names.contains(&address) {
        names.push(address);
    }
    Ok(names)
}

/// Takes any certificate of a client whose key the client proves to have: which one it is, the
/// registered clients decide (RFC 8705 section 2.2).
#[derive(Debug)]
struct AnyCertificate(WebPkiSupportedAlgorithms);

impl AnyCertificate {
    fn new(provider: &CryptoProvider) -> Self {
        Self(provider.signature_verification_algorithms)
    }
}

impl ClientCertVerifier for AnyCertificate {
    fn root_hint_subjects(&self) -> &[Name] {
        &[]
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
