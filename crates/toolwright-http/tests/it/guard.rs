use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, Uri, header};
use serde_json::json;
use toolwright_http::guard::{Hosts, Origins, Refusal};

fn headers(name: HeaderName, values: &[&'static str]) -> HeaderMap {
    values.iter().map(|value| (name.clone(), HeaderValue::from_static(value))).collect()
}

fn host_status(hosts: &Hosts, values: &[&'static str]) -> u16 {
    status(hosts.check(&headers(header::HOST, values), &Uri::from_static("/mcp")))
}

fn origin_status(origins: &Origins, values: &[&'static str]) -> u16 {
    status(origins.check(&headers(header::ORIGIN, values)))
}

fn status(outcome: Result<(), Refusal>) -> u16 {
    outcome.map_or_else(|refusal| refusal.status().as_u16(), |()| 200)
}

fn body(response: Response<Bytes>) -> serde_json::Value {
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    serde_json::from_slice(response.body()).expect("JSON")
}

/// What a browser sends after a site's name was pointed at the visitor's machine, and what resembles a name of that machine.
const REBINDING: [&str; 16] = [
    "evil.example.com",
    "evil.example.com:8000",
    "localhost.evil.com",
    "127.0.0.1.evil.com",
    "127.0.0.1.nip.io:8000",
    "evil-localhost",
    "evillocalhost",
    "sub.localhost",
    "127.0.0.2",
    "127.0.0.11",
    "0.0.0.0",
    "0x7f000001",
    "2130706433",
    "127.1",
    "[::2]",
    "[::ffff:127.0.0.1]",
];

#[test]
fn only_the_own_machine_is_a_host_by_default() {
    let hosts = Hosts::default();
    for own in [
        "localhost",
        "LocalHost:8000",
        "localhost.",
        "127.0.0.1",
        "127.0.0.1:3000",
        "[::1]",
        "[::1]:65535",
        "[0:0:0:0:0:0:0:1]",
    ] {
        assert_eq!(host_status(&hosts, &[own]), 200, "{own}");
    }
    for foreign in REBINDING {
        assert_eq!(host_status(&hosts, &[foreign]), 421, "{foreign}");
    }
}

#[test]
fn a_host_that_cannot_be_checked_is_a_bad_request() {
    for hosts in [Hosts::default(), Hosts::parse(["*"]).unwrap()] {
        assert_eq!(host_status(&hosts, &[]), 400);
        assert_eq!(host_status(&hosts, &["localhost", "localhost"]), 400);
        assert_eq!(host_status(&hosts, &["localhost", "evil.example.com"]), 400);
        for malformed in [
            "",
            "localhost@evil.com",
            "a@localhost",
            "localhost:80:80",
            "localhost:x",
            "[::1",
            "localhost/",
            "a b",
        ] {
            assert_eq!(host_status(&hosts, &[malformed]), 400, "{malformed}");
        }
    }
}

#[test]
fn the_authority_of_the_uri_is_checked_as_well() {
    let hosts = Hosts::default();
    let check = |host: &[&'static str], uri| {
        status(hosts.check(&headers(header::HOST, host), &Uri::from_static(uri)))
    };
    assert_eq!(check(&[], "http://localhost:8000/mcp"), 200);
    assert_eq!(check(&["localhost:8000"], "http://127.0.0.1:8000/mcp"), 200);
    assert_eq!(check(&[], "http://evil.example.com/mcp"), 421);
    assert_eq!(check(&["localhost"], "http://evil.example.com/mcp"), 421);
    assert_eq!(check(&["evil.example.com"], "http://localhost/mcp"), 421);
    assert_eq!(check(&[], "http://localhost@evil.example.com/mcp"), 400);
}

#[test]
fn configured_hosts_are_exact() {
    for (entry, allowed, refused) in [
        (
            "example.com",
            &["example.com", "EXAMPLE.COM.", "example.com:1", "localhost:9"][..],
            &["a.example.com", "example.com.evil.net", "example.co", "notexample.com"][..],
        ),
        (
            "example.com:8443",
            &["example.com:8443"],
            &["example.com", "example.com:443", "example.com:844", "a.example.com:8443"],
        ),
        ("example.com:443", &["example.com:443", "example.com"], &["example.com:80"]),
        ("example.com:*", &["example.com", "example.com:7"], &["example.net:7"]),
        (
            "*.example.com",
            &["a.example.com", "a.b.EXAMPLE.com.", "a.example.com:7"],
            &["example.com", "notexample.com", "a.example.com.evil.net"],
        ),
        ("*.example.com:8443", &["a.example.com:8443"], &["a.example.com", "a.example.com:443"]),
        ("192.0.2.7", &["192.0.2.7", "192.0.2.7:8000"], &["192.0.2.70", "1.192.0.2.7"]),
        (
            "[2001:DB8::7]:80",
            &["[2001:db8:0::7]:80", "[2001:db8::7]"],
            &["[2001:db8::7]:81", "[2001:db8::8]:80"],
        ),
        (" Example.com. ", &["example.com"], &["com"]),
        ("*", &["evil.example.com", "192.0.2.7:1"], &[]),
    ] {
        let hosts = Hosts::parse([entry]).unwrap();
        for host in allowed {
            assert_eq!(host_status(&hosts, &[host]), 200, "{entry} and {host}");
        }
        for host in refused {
            assert_eq!(host_status(&hosts, &[host]), 421, "{entry} and {host}");
        }
    }
}

#[test]
fn an_entry_that_is_no_host_is_named() {
    let text = |entry: &str| {
        let error = Hosts::parse(["localhost", entry]).unwrap_err();
        assert_eq!(error.entry(), entry.trim());
        error.to_string()
    };
    assert_eq!(
        text("::1"),
        "invalid allowed host `::1`: it has more than one colon; an IPv6 address stands in brackets, such as `[::1]`",
    );
    assert!(text("https://example.com").contains("no scheme"));
    assert!(text("example.com/mcp").contains("without a slash"));
    for star in ["*.*.example.com", "a.*.example.com", "*example.com", "*.192.0.2.7", "**"] {
        assert!(text(star).contains("`*`"), "{star}");
    }
    assert!(text("example.com:http").contains("port"));
    assert!(text("*.example.com:99999").contains("port"));
    assert!(text("*.").contains("empty"));
    assert!(text(" ").contains("empty"));
    assert!(text("exämple.com").contains("ASCII"));
    assert!(text("a@example.com").contains("`@`"));
}

#[test]
fn a_refused_host_says_what_to_configure() {
    let refusal = Hosts::default()
        .check(&headers(header::HOST, &["mcp.example.com"]), &Uri::from_static("/"))
        .unwrap_err();
    assert_eq!(
        body(refusal.response()),
        json!({ "jsonrpc": "2.0", "error": { "code": -32600, "message":
            "host `mcp.example.com` is not served here; whoever runs the server can allow it with \
             `.allowed_hosts([\"mcp.example.com\"])` or TOOLWRIGHT_ALLOWED_HOSTS" } }),
    );
    assert_eq!(refusal.response().status(), 421);
}

#[test]
fn a_caller_without_origin_passes() {
    assert_eq!(origin_status(&Origins::default(), &[]), 200);
    assert_eq!(origin_status(&Origins::parse([""; 0]).unwrap(), &[]), 200);
}

#[test]
fn only_pages_of_the_own_machine_may_call_by_default() {
    let origins = Origins::default();
    for own in [
        "http://localhost",
        "http://localhost:6274",
        "https://LOCALHOST:1",
        "http://127.0.0.1:80",
        "https://[::1]:7",
    ] {
        assert_eq!(origin_status(&origins, &[own]), 200, "{own}");
    }
    for foreign in REBINDING {
        assert!(!origins.allows(&format!("http://{foreign}")), "{foreign}");
    }
    for refused in [
        "null",
        "",
        "localhost",
        "//localhost",
        "://localhost",
        "1http://localhost",
        "file://localhost",
        "chrome-extension://localhost",
        "http://localhost/",
        "http://localhost:80/",
        "http://localhost:",
        "http://a@localhost",
        "http://evil.com http://localhost",
        "http://localhost http://evil.com",
        "http:/localhost",
    ] {
        assert_eq!(origin_status(&origins, &[refused]), 403, "{refused}");
    }
    assert_eq!(origin_status(&origins, &["http://localhost", "http://localhost"]), 403);
}

#[test]
fn configured_origins_are_exact() {
    for (entry, allowed, refused) in [
        (
            "https://app.example.com",
            &["https://app.example.com", "HTTPS://App.Example.com:443"][..],
            &[
                "http://app.example.com",
                "https://app.example.com:8443",
                "https://app.example.com.evil.net",
                "https://a.app.example.com",
                "https://example.com",
                "https://localhost",
                "null",
            ][..],
        ),
        (
            "http://localhost:5173",
            &["http://localhost:5173"],
            &["http://localhost", "http://localhost:51733"],
        ),
        ("http://localhost:*", &["http://localhost", "http://localhost:1"], &["https://localhost:1"]),
        (
            "https://*.example.com",
            &["https://a.example.com", "https://a.b.example.com:443"],
            &[
                "https://example.com",
                "https://notexample.com",
                "https://a.example.com:8443",
                "http://a.example.com",
            ],
        ),
        (
            "vscode-webview://panel",
            &["vscode-webview://panel"],
            &["vscode-webview://panel:1", "https://panel"],
        ),
        ("null", &["null"], &["NULL", "http://localhost"]),
        ("*", &["null", "https://evil.example.com"], &["nonsense", "http://a/"]),
    ] {
        let origins = Origins::parse([entry]).unwrap();
        for origin in allowed {
            assert_eq!(origin_status(&origins, &[origin]), 200, "{entry} and {origin}");
        }
        for origin in refused {
            assert_eq!(origin_status(&origins, &[origin]), 403, "{entry} and {origin}");
        }
    }
}

#[test]
fn an_entry_that_is_no_origin_is_named() {
    let text = |entry: &str| Origins::parse([entry]).unwrap_err().to_string();
    assert_eq!(
        text("app.example.com"),
        "invalid allowed origin `app.example.com`: an origin begins with a scheme; write for example \
         `https://app.example.com`",
    );
    assert!(text("https://app.example.com/").contains("without a slash"));
    assert!(text("https://").contains("empty"));
    assert!(text("https://*").contains("`*`"));
    assert!(text("*://example.com").contains("scheme"));
}

#[test]
fn a_refused_origin_says_what_to_configure() {
    let refusal =
        Origins::default().check(&headers(header::ORIGIN, &["https://app.example.com"])).unwrap_err();
    assert_eq!(
        body(refusal.response()),
        json!({ "jsonrpc": "2.0", "error": { "code": -32600, "message":
            "pages of origin `https://app.example.com` may not call this server; whoever runs it can allow them with \
             `.allowed_origins([\"https://app.example.com\"])` or TOOLWRIGHT_ALLOWED_ORIGINS" } }),
    );
}
