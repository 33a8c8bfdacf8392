//! TLS with certificates of a private authority.
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::{io::AsyncWriteExt as _, net::TcpListener, task::JoinHandle};
use tokio_rustls::{
    LazyConfigAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer, server::Acceptor},
};
use toolwright_client::Client;
use toolwright_http::client::Http;

use super::{
    script::{RESULT, call, connect},
    sockets::{done, request},
};

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server whose certificate is for `name`, and which speaks these protocols.
    fn server(&self, name: &str, protocols: &[&str]) -> ServerConfig {
        self.issue(CertificateParams::new([name.to_owned()]).unwrap(), protocols)
    }

    fn issue(&self, params: CertificateParams, protocols: &[&str]) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        config
    }
}

/// What a client asks for before it sees a certificate: the name of the server, and the protocols that it speaks.
type Hello = (Option<String>, Vec<String>);

struct Served {
    port: u16,
    hello: Arc<Mutex<Option<Hello>>>,
    serving: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Served {
    /// Answers so many requests on each connection, one after the other.
    async fn new(config: ServerConfig, requests: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (hello, config) = (Arc::<Mutex<_>>::default(), Arc::new(config));
        let heard = Arc::clone(&hello);
        let serving = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await.unwrap();
                let asked = start.client_hello();
                let protocols = asked.alpn().into_iter().flatten();
                let protocols = protocols.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
                *heard.lock().unwrap() = Some((asked.server_name().map(str::to_owned), protocols));
                // Most clients here do not like the certificate.
                let Ok(mut stream) = start.into_stream(Arc::clone(&config)).await else { continue };
                for _ in 0..requests {
                    request(&mut stream).await;
                    stream.write_all(done().as_bytes()).await.unwrap();
                }
            }
        });
        Self { port, hello, serving }
    }

    fn http(&self, host: &str) -> Http {
        Http::new(format!("https://{host}:{}/mcp", self.port))
    }

    fn hello(&self) -> Hello {
        self.hello.lock().unwrap().take().unwrap()
    }
}

/// What the client says of a server that it does not connect to.
async fn failure(http: Http) -> String {
    Client::connect(http).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_server_of_a_private_authority_is_reached_by_whoever_trusts_that() {
    let authority = Authority::new("private");
    let served = Served::new(authority.server("localhost", &["h2", "http/1.1"]), 2).await;
    let (link, _inbox) = connect(served.http("localhost").trust(authority.pem())).await;
    for _ in 0..2 {
        assert_eq!(link.exchange(call("tools/call")).await.unwrap().body.unwrap(), RESULT);
    }
    assert_eq!(served.hello(), (Some("localhost".to_owned()), vec!["http/1.1".to_owned()]));
}

#[tokio::test]
async fn an_address_is_a_name_that_a_certificate_can_have() {
    let authority = Authority::new("private");
    let served = Served::new(authority.server("127.0.0.1", &[]), 1).await;
    let (link, _inbox) = connect(served.http("127.0.0.1").trust(authority.pem())).await;
    assert_eq!(link.exchange(call("tools/call")).await.unwrap().body.unwrap(), RESULT);
    assert_eq!(served.hello().0, None, "addresses are no server names");
}

#[tokio::test]
async fn many_authorities_can_be_trusted() {
    let (one, other) = (Authority::new("one"), Authority::new("other"));
    let served = Served::new(other.server("localhost", &[]), 1).await;
    let (link, _inbox) = connect(served.http("localhost").trust(one.pem() + &other.pem())).await;
    assert_eq!(link.exchange(call("tools/call")).await.unwrap().body.unwrap(), RESULT);
}

#[tokio::test]
async fn an_authority_that_nobody_trusts_is_named_as_the_fault() {
    let authority = Authority::new("private");
    let served = Served::new(authority.server("localhost", &[]), 0).await;
    // Of the same name, even.
    for other in [Authority::new("other"), Authority::new("private")] {
        let error = failure(served.http("localhost").trust(other.pem())).await;
        assert!(error.contains("the TLS handshake failed: the server's certificate is "), "{error}");
    }
    let error = failure(served.http("localhost").trust(Authority::new("other").pem())).await;
    assert_eq!(
        error,
        format!(
            "cannot connect to https://localhost:{}/mcp: the TLS handshake failed: the server's certificate is signed by \
             nobody that is trusted here; a certificate authority of your own is added by `.trust(pem)`",
            served.port
        )
    );
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_accepted() {
    let authority = Authority::new("private");
    let served = Served::new(authority.server("mcp.example", &[]), 0).await;
    for host in ["localhost", "127.0.0.1"] {
        let error = failure(served.http(host).trust(authority.pem())).await;
        let expected = format!("the TLS handshake failed: the server's certificate is not for `{host}`");
        assert!(error.ends_with(&expected), "{error}");
    }
}

#[tokio::test]
async fn a_certificate_that_has_expired_is_not_accepted() {
    let authority = Authority::new("private");
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    params.not_before = rcgen::date_time_ymd(2000, 1, 1);
    let served = Served::new(authority.issue(params, &[]), 0).await;
    let error = failure(served.http("localhost").trust(authority.pem())).await;
    assert!(
        error.contains("the server's certificate is not acceptable: ") && error.contains("expired"),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_that_speaks_only_http_2_is_no_server_for_this() {
    let authority = Authority::new("private");
    let served = Served::new(authority.server("localhost", &["h2"]), 0).await;
    let error = failure(served.http("localhost").trust(authority.pem())).await;
    assert!(
        error.contains("the TLS handshake failed: ") && error.contains("NoApplicationProtocol"),
        "{error}"
    );
}
