use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use url::form_urlencoded;

use super::super::{
    ClientRegistration, Secret, discovery::AuthorizationServer, jose::Proof, registration::Registration,
};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Who this client is to one authorization server, and how it shows that ("Client Authentication").
#[derive(Clone, Debug)]
pub(in super::super) struct ClientIdentity {
    pub(in super::super) id: String,
    proof: Proof,
    method: Option<String>,
}

impl From<&Registration> for ClientIdentity {
    fn from(registration: &Registration) -> Self {
        Self {
            id: registration.client_id.clone(),
            proof: registration.client_secret.clone().map_or(Proof::None, Proof::Secret),
            method: registration.token_endpoint_auth_method.clone(),
        }
    }
}

impl From<&ClientRegistration> for ClientIdentity {
    fn from(client: &ClientRegistration) -> Self {
        Self { id: client.id.clone(), proof: client.proof.clone(), method: client.method.map(str::to_owned) }
    }
}

impl ClientIdentity {
    /// What a request to the token endpoint of `server` carries of it: parameters of its form, and headers.
    pub(super) fn show(&self, server: &AuthorizationServer) -> (Vec<(&'static str, Secret)>, HeaderMap) {
        let mut headers = HeaderMap::new();
        let id = || ("client_id", Secret::from(&*self.id));
        let form = match &self.proof {
            Proof::None => vec![id()],
            Proof::Key(key) => vec![
                ("client_assertion_type", ASSERTION_TYPE.into()),
                ("client_assertion", key.assertion(&self.id, &server.issuer).into()),
            ],
            Proof::Secret(secret) => match self.method(server) {
                "client_secret_post" => vec![id(), ("client_secret", secret.clone())],
                "none" => vec![id()],
                _ => {
                    headers.insert(AUTHORIZATION, self.basic(secret));
                    Vec::new()
                }
            },
        };
        (form, headers)
    }

    /// How to send a secret: as it was registered, else as the authorization server takes it.
    fn method(&self, server: &AuthorizationServer) -> &str {
        match &self.method {
            Some(method) => method,
            None => ["client_secret_basic", "client_secret_post", "none"]
                .into_iter()
                .find(|name| server.takes(name))
                .unwrap_or("client_secret_basic"),
        }
    }

    /// Id and secret are encoded as in a form before they are joined (RFC 6749, "Client Password").
    fn basic(&self, secret: &Secret) -> HeaderValue {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = Secret::from(format!("{}:{}", encoded(&self.id), encoded(secret.expose())));
        let text = Secret::from(format!("Basic {}", STANDARD.encode(pair.expose())));
        let mut value = HeaderValue::from_str(text.expose()).expect("base64 can be a header's value");
        value.set_sensitive(true);
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(
        client: ClientRegistration,
        methods: Option<&[&str]>,
    ) -> (Vec<(&'static str, String)>, Option<String>) {
        let server = AuthorizationServer {
            issuer: "https://as.example.com".to_owned(),
            token_endpoint_auth_methods_supported: methods
                .map(|methods| methods.iter().map(|&method| method.to_owned()).collect()),
            ..Default::default()
        };
        let (form, headers) = ClientIdentity::from(&client).show(&server);
        let form = form.into_iter().map(|(name, value)| (name, value.expose().to_owned())).collect();
        (form, headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned()))
    }

    #[test]
    fn a_secret_goes_where_the_authorization_server_takes_it() {
        let client = || ClientRegistration::new("a:b").secret("c d");
        let basic = Some(format!("Basic {}", STANDARD.encode("a%3Ab:c+d")));
        let post = vec![("client_id", "a:b".to_owned()), ("client_secret", "c d".to_owned())];
        assert_eq!(shown(client(), None), (vec![], basic.clone()));
        assert_eq!(shown(client(), Some(&["client_secret_post", "client_secret_basic"])), (vec![], basic));
        assert_eq!(shown(client(), Some(&["client_secret_post"])), (post.clone(), None));
        assert_eq!(shown(ClientRegistration::new("a:b").secret_post("c d"), None), (post, None));
        assert_eq!(shown(client(), Some(&["none"])), (vec![("client_id", "a:b".to_owned())], None));
    }

    #[test]
    fn a_public_client_shows_its_id_alone() {
        let expected = (vec![("client_id", "a".to_owned())], None);
        assert_eq!(shown(ClientRegistration::new("a"), None), expected);
    }
}
