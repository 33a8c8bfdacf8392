use std::{io, sync::Arc};

use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        CertificateError, ClientConfig, Error,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, ServerName},
    },
};

use super::failure::innermost;

/// TLS with the certificate authorities of the operating system, and those added.
pub(super) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    pub(super) fn new(host: &str, roots: Vec<CertificateDer<'static>>) -> Result<Self, String> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| format!("`{host}` is no name that a certificate can have"))?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider))
            .map_err(|error| format!("no certificate authorities to trust: {error}"))?;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { connector: Arc::new(config).into(), name })
    }

    pub(super) async fn wrap(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.connector.connect(self.name.clone(), stream).await.map_err(|error| {
            io::Error::new(error.kind(), format!("the TLS handshake failed: {}", self.fault(&error)))
        })
    }

    /// What is wrong with the certificate of the server, if that is it, and what to do.
    fn fault(&self, error: &io::Error) -> String {
        let tls = error.get_ref().and_then(|source| source.downcast_ref());
        let Some(Error::InvalidCertificate(fault)) = tls else { return innermost(error) };
        match fault {
            CertificateError::UnknownIssuer => {
                "the server's certificate is signed by nobody that is trusted \
                here; a certificate authority of your own is added by `.trust(pem)`"
                    .to_owned()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                format!("the server's certificate is not for `{}`", self.name.to_str())
            }
            other => format!("the server's certificate is not acceptable: {other}"),
        }
    }
}
