use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use reqwest::{
    Client, Url,
    header::{COOKIE, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use toolwright::auth::client::LoopbackRedirect;

use crate::Failure;

/// A browser that follows redirects with its cookies, until there is a page to look at.
#[derive(Clone, Default)]
pub(crate) struct Browser(Arc<Mutex<Vec<String>>>);

impl Browser {
    pub(crate) fn user_agent(&self) -> LoopbackRedirect {
        let pages = Arc::clone(&self.0);
        LoopbackRedirect::new().open_with(move |url| {
            let url = url.parse().map_err(io::Error::other)?;
            let pages = Arc::clone(&pages);
            tokio::spawn(async move {
                let page = visit(url).await.unwrap_or_else(|error| error.to_string());
                pages.lock().unwrap_or_else(PoisonError::into_inner).push(page);
            });
            Ok(())
        })
    }

    /// The pages that it ended at.
    pub(crate) fn pages(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn visit(mut url: Url) -> Result<String, Failure> {
    let http = Client::builder().redirect(Policy::none()).no_proxy().build()?;
    let mut cookies = BTreeMap::new();
    loop {
        let sent: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let page = http.get(url.clone()).header(COOKIE, sent.join("; ")).send().await?;
        for cookie in page.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').ok_or("a cookie has a name and a value")?;
            cookies.insert(name.to_owned(), value.to_owned());
        }
        match page.headers().get(LOCATION) {
            Some(location) => url = url.join(location.to_str()?)?,
            None => return Ok(page.text().await?),
        }
    }
}
