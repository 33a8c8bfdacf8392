use url::Url;

use super::super::net::origin;

const RESOURCE: &str = "/.well-known/oauth-protected-resource";
const SERVER: &str = "/.well-known/oauth-authorization-server";
const OPENID: &str = "/.well-known/openid-configuration";

/// Where the metadata of a protected resource may be: for its path, then for its origin
/// ("Protected Resource Metadata Discovery Requirements").
pub(super) fn of_resource(server: &Url) -> Vec<String> {
    let (origin, path) = (origin(server), path(server));
    let mut places = vec![format!("{origin}{RESOURCE}{path}")];
    if !path.is_empty() {
        places.push(format!("{origin}{RESOURCE}"));
    }
    places
}

/// Where the metadata of an authorization server may be, in the order of "Authorization Server Metadata Discovery".
pub(super) fn of_server(issuer: &Url) -> Vec<String> {
    let (origin, path) = (origin(issuer), path(issuer));
    let mut places = vec![format!("{origin}{SERVER}{path}"), format!("{origin}{OPENID}{path}")];
    if !path.is_empty() {
        places.push(format!("{origin}{path}{OPENID}"));
    }
    places
}

fn path(url: &Url) -> &str {
    url.path().trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn metadata_of_a_resource_is_looked_for_at_its_path_and_then_at_the_root() {
        assert_eq!(
            of_resource(&url("https://api.example.com:8443/a/mcp?x=y")),
            [
                "https://api.example.com:8443/.well-known/oauth-protected-resource/a/mcp",
                "https://api.example.com:8443/.well-known/oauth-protected-resource",
            ]
        );
        let root = ["https://api.example.com/.well-known/oauth-protected-resource"];
        assert_eq!(of_resource(&url("https://api.example.com")), root);
        assert_eq!(of_resource(&url("https://api.example.com/")), root);
    }

    #[test]
    fn metadata_of_an_authorization_server_is_looked_for_in_the_order_of_the_specification() {
        assert_eq!(
            of_server(&url("https://as.example.com/t1")),
            [
                "https://as.example.com/.well-known/oauth-authorization-server/t1",
                "https://as.example.com/.well-known/openid-configuration/t1",
                "https://as.example.com/t1/.well-known/openid-configuration",
            ]
        );
        assert_eq!(
            of_server(&url("https://as.example.com")),
            [
                "https://as.example.com/.well-known/oauth-authorization-server",
                "https://as.example.com/.well-known/openid-configuration",
            ]
        );
    }
}
