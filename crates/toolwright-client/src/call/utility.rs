use serde::Serialize;
use serde_json::{Map, Value};
use toolwright_core::{
    Raw,
    headers::name_member,
    model::{DiscoverResult, EmptyResult, LoggingLevel},
};

use crate::{Client, ClientError, Request, request::Message};

impl Client {
    /// Asks whether the server is there, in a session. Without one there is no `ping`; any request tells.
    ///
    /// # Errors
    /// [`ClientError::Unsupported`] without a session.
    pub async fn ping(&self) -> Result<(), ClientError> {
        self.in_session("ping")?;
        let message = Ok(self.shared().open("ping"));
        Request::new(self, message, "", |done| done.reply.read::<EmptyResult>("ping").map(|_| ())).await
    }

    /// The least level of log messages from now on: `logging/setLevel` in a session, a member of each further request
    /// otherwise.
    ///
    /// # Errors
    /// When the server of a session refuses.
    pub async fn set_level(&self, level: LoggingLevel) -> Result<(), ClientError> {
        if self.revision().era().is_stateless() {
            self.shared().set_log_level(level);
            return Ok(());
        }
        let mut message = self.shared().open("logging/setLevel");
        let message = message
            .member("level", &level)
            .map(|()| message)
            .map_err(|source| ClientError::Encode { what: "the level".into(), source });
        Request::new(self, message, "", |done| {
            done.reply.read::<EmptyResult>("logging/setLevel").map(|_| ())
        })
        .await?;
        // A session that is opened anew is told, too.
        self.shared().set_log_level(level);
        Ok(())
    }

    /// Asks a stateless server again what it is and can. What it said first is in [`capabilities`](Self::capabilities),
    /// [`server_info`](Self::server_info) and [`instructions`](Self::instructions), in every revision.
    ///
    /// # Errors
    /// [`ClientError::Unsupported`] in a session.
    pub async fn discover(&self) -> Result<DiscoverResult, ClientError> {
        if !self.revision().era().is_stateless() {
            return Err(self.unsupported("server/discover"));
        }
        let message = Ok(self.shared().open("server/discover"));
        Request::new(self, message, "", |done| done.reply.read("server/discover")).await
    }

    /// Sends any request, for example one of an extension, and returns the result as it came. Parameters are anything that
    /// serializes to an object, or to `null` for none; the client adds what its revision demands in `_meta`.
    pub fn request(&self, method: impl Into<String>, params: impl Serialize) -> Request<Raw> {
        let method = method.into();
        let params =
            serde_json::to_value(params).and_then(serde_json::from_value::<Option<Map<String, Value>>>);
        let (mut meta, mut subject) = (None, None);
        let message = params.map(Option::unwrap_or_default).and_then(|mut params| {
            meta = params.remove("_meta");
            let addressed = name_member(&method).and_then(|member| params.get(member));
            subject = addressed.and_then(Value::as_str).map(str::to_owned);
            let mut message = Message::open(self.shared().next_id(), method.clone());
            for (name, value) in &params {
                message.member(name, value)?;
            }
            Ok(message)
        });
        let message = message.map_err(|source| ClientError::Encode {
            what: format!("the parameters of `{method}`").into(),
            source,
        });
        let request =
            Request::new(self, message, subject.as_deref().unwrap_or_default(), |done| done.reply.raw());
        match meta {
            Some(Value::Object(meta)) => {
                meta.into_iter().fold(request, |request, (key, value)| request.meta(key, value))
            }
            _ => request,
        }
    }

    /// What only a session has is an error elsewhere, never silence.
    pub(super) fn in_session(&self, method: &'static str) -> Result<(), ClientError> {
        if self.revision().era().is_stateless() { Err(self.unsupported(method)) } else { Ok(()) }
    }

    fn unsupported(&self, method: &'static str) -> ClientError {
        ClientError::Unsupported { what: method.into(), revision: self.revision() }
    }
}
