use super::super::{RedirectError, jose::digest_base64};

/// The one style of the pages, allowed by its hash: nothing else can be in force.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;min-height:100vh;display:grid;place-items:center;font:1rem/1.5 system-ui,sans-serif}\
main{box-sizing:border-box;width:min(34rem,100% - 2rem);margin:1rem;padding:clamp(1.25rem,6vw,2rem);border:1px solid #8886;border-radius:.75rem}\
h1{margin:0 0 .75rem;font-size:1.35rem;line-height:1.3}\
h1:before{content:\"\";display:inline-block;width:.6em;height:.6em;margin-right:.5em;border-radius:50%;background:#888}\
.done h1:before{background:#2da44e}\
.failed h1:before{background:#e5484d}\
p{margin:.75rem 0 0;overflow-wrap:anywhere}\
p.end{opacity:.75}";

/// What the user sees when the browser comes back.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) status: &'static str,
    pub(super) html: String,
}

impl Page {
    /// The page for an answer that was judged. Nothing that the answer holds is shown.
    pub(super) fn of(judged: &Result<(), RedirectError>, server: &str) -> Self {
        let server = escape(server);
        let (status, kind, title, text) = match judged {
            // The application has yet to get its tokens.
            Ok(()) => (
                "200 OK",
                "done",
                "You are signed in",
                format!("Access to <b>{server}</b> was granted. Go back to the application."),
            ),
            Err(RedirectError::Refused(_)) => (
                "200 OK",
                "failed",
                "You are not signed in",
                format!("Access to <b>{server}</b> was not granted. The application says why."),
            ),
            Err(RedirectError::State) => (
                "400 Bad Request",
                "",
                "This page belongs to no sign-in",
                "It may be an old one. Start again from the application.".to_owned(),
            ),
            Err(_) => (
                "400 Bad Request",
                "failed",
                "The sign-in was stopped",
                format!("The answer for <b>{server}</b> is not to be trusted, and was discarded."),
            ),
        };
        Self::new(status, kind, title, &text)
    }

    /// A page for what is not asked for here.
    pub(super) fn nothing_here() -> Self {
        Self::new("404 Not Found", "", "There is nothing here", "This address only ends a sign-in.")
    }

    fn new(status: &'static str, kind: &str, title: &str, text: &str) -> Self {
        let html = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head>\
             <body><main class=\"{kind}\"><h1>{title}</h1><p>{text}</p><p class=\"end\">You can close this window.</p></main></body></html>"
        );
        Self { status, html }
    }

    /// The whole answer. It is kept nowhere, framed by nobody, loads nothing, and does not say where the browser came from.
    pub(super) fn response(&self) -> String {
        let Self { status, html } = self;
        let style = digest_base64(STYLE);
        format!(
            "HTTP/1.1 {status}\r\n\
             Content-Type: text/html; charset=utf-8\r\n\
             Content-Length: {}\r\n\
             Content-Security-Policy: default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n\
             Cache-Control: no-store\r\n\
             Referrer-Policy: no-referrer\r\n\
             X-Content-Type-Options: nosniff\r\n\
             Connection: close\r\n\r\n{html}",
            html.len()
        )
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{super::super::ErrorResponse, *};

    #[test]
    fn a_page_names_the_server_and_shows_nothing_of_the_answer() {
        let refused = Err(RedirectError::Refused(ErrorResponse::new("<script>", Some("<img src=x>"))));
        for judged in [Ok(()), refused, Err(RedirectError::Issuer), Err(RedirectError::State)] {
            let page = Page::of(&judged, "https://api.example.com/<b>").html;
            assert!(!page.contains("<script>") && !page.contains("<img"), "{page}");
            assert!(!page.contains("com/<b>"), "{page}");
            assert!(page.contains("close this window"), "{page}");
        }
        assert!(Page::of(&Ok(()), "https://api.example.com").html.contains("https://api.example.com"));
    }

    #[test]
    fn a_page_loads_nothing_and_is_kept_nowhere() {
        let response = Page::nothing_here().response();
        assert!(response.contains("default-src 'none'") && response.contains("frame-ancestors 'none'"));
        assert!(response.contains("Cache-Control: no-store"));
        let (head, html) = response.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}", html.len())));
        assert!(!html.contains("src=") && !html.contains("href="));
    }
}
