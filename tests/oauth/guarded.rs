use reqwest::Method;
use toolwright::{
    auth::client::OAuth,
    core::joint::{Answer, Attempt, Credentials},
};

use crate::{Done, Provider, user::User};

/// Requests to a resource server that wants a proof of possession with each, and nonces.
pub(crate) async fn prove(provider: &Provider) -> Done {
    let url = format!("{}/guarded", provider.issuer);
    let user = User::default();
    let oauth = OAuth::builder(&url).user_agent(user.clone()).dpop().build()?;
    for _ in 0..3 {
        let body = request(&oauth, &url).await?;
        if body != r#"{"subject":"ada"}"# {
            return Err(format!("the resource server answered {body}").into());
        }
    }
    if user.was_asked() == 1 { Ok(()) } else { Err("the user was asked more than once".into()) }
}

/// One request as a transport sends it.
async fn request(oauth: &OAuth, url: &str) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let http = reqwest::Client::new();
    let mut retries = 0;
    loop {
        let attempt = Attempt::new(Method::POST, url).retries(retries);
        let headers = oauth.authorize(&attempt).await?;
        let response = http.post(url).headers(headers.clone()).send().await?;
        let answer = Answer::new(response.status(), response.headers());
        if !oauth.answered(&attempt.sent(&headers), &answer).await? {
            return Ok(response.error_for_status()?.text().await?);
        }
        retries += 1;
    }
}
