use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use toolwright_core::{joint::Principal, model::Method};

use super::{Journal, canonical};
use crate::{engine::Engine, seal::Binding};

/// What travels through the client between two rounds, sealed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Content {
    #[serde(rename = "r")]
    pub(super) round: u32,
    /// Milliseconds since 1970.
    #[serde(rename = "t")]
    pub(super) expires: u64,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub(super) schema: Option<u64>,
    #[serde(rename = "q")]
    pub(super) asked: BTreeSet<String>,
    #[serde(rename = "j")]
    pub(super) journal: Journal,
}

impl Content {
    /// Seals it for the request that it belongs to.
    pub(super) fn seal(mut self, engine: &Engine, request: &Request<'_>) -> String {
        self.expires = millis(SystemTime::now()).saturating_add(whole_millis(engine.limits().state_ttl));
        let plain = serde_json::to_vec(&self).expect("a state has text as keys and can always be written");
        engine.seal().seal(&request.binding(engine), &plain)
    }

    /// Opens what was sealed for the same request and has not expired.
    pub(super) fn open(engine: &Engine, request: &Request<'_>, text: &str) -> Option<Self> {
        // What is longer was not sealed here, so nobody makes us decode it.
        if text.len() > engine.limits().state {
            return None;
        }
        let plain = engine.seal().open(&request.binding(engine), text)?;
        let content: Self = serde_json::from_slice(&plain).ok()?;
        (millis(SystemTime::now()) < content.expires).then_some(content)
    }
}

fn millis(time: SystemTime) -> u64 {
    whole_millis(time.duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn whole_millis(duration: Duration) -> u64 {
    duration.as_millis().try_into().unwrap_or(u64::MAX)
}

/// The request that a state belongs to, as the client sent it: layers may make another call of it, the same one each round.
pub(super) struct Request<'a> {
    pub(super) principal: Option<&'a Principal>,
    pub(super) method: &'a Method,
    pub(super) version: Option<&'a str>,
    /// The text of `params`.
    pub(super) params: &'a [u8],
}

impl Request<'_> {
    /// What makes it this request and no other ("Multi Round-Trip Requests", "Server Requirements").
    fn binding(&self, engine: &Engine) -> Binding {
        #[derive(Default, Deserialize)]
        struct Params<'a> {
            #[serde(borrow, default)]
            name: Option<&'a RawValue>,
            #[serde(borrow, default)]
            uri: Option<&'a RawValue>,
            #[serde(borrow, default)]
            arguments: Option<&'a RawValue>,
        }

        let params: Params<'_> = serde_json::from_slice(self.params).unwrap_or_default();
        let target = if *self.method == Method::ReadResource { params.uri } else { params.name };
        let text = |raw: Option<&RawValue>, absent: &str| {
            raw.map_or_else(|| absent.to_owned(), |raw| canonical(raw.get()))
        };
        let binding = Binding::new("requestState").part(&engine.info.name).principal(self.principal);
        let binding = binding.part(self.method.as_str()).part(text(target, ""));
        match self.version {
            Some(version) => binding.part("version").part(version),
            None => binding.part(""),
        }
        .part(text(params.arguments, "{}"))
    }
}
