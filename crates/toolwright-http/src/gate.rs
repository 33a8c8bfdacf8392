//! What every request passes before its body is read: the host that it names, the page that sends it, the token of its caller.
use std::borrow::Cow;

use http::{HeaderMap, header::ORIGIN, request::Parts};
use toolwright_core::joint::{Principal, SharedTokenVerifier};

use crate::{
    bearer::{Challenge, authenticate},
    cors::Cors,
    guard::{Hosts, Origins, Refusal},
};

/// Who may call. Without configuration: callers on the own machine, and no pages read the answers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate {
    hosts: Hosts,
    origins: Origins,
    cors: Option<Cors>,
    realm: Option<Cow<'static, str>>,
}

impl Gate {
    pub(crate) fn allow_hosts(&mut self, hosts: Hosts) {
        self.hosts = hosts;
    }

    pub(crate) fn allow_origins(&mut self, origins: Origins) {
        self.origins = origins;
        if self.cors.is_some() {
            self.grant_pages();
        }
    }

    pub(crate) fn grant_pages(&mut self) {
        self.cors = Some(Cors::new(self.origins.clone()));
    }

    pub(crate) fn name_realm(&mut self, realm: Cow<'static, str>) {
        self.realm = Some(realm);
    }

    /// Whether the request goes to this server, and comes from a page that may call it.
    pub(crate) fn check(&self, parts: &Parts) -> Result<(), Refusal> {
        self.hosts.check(&parts.headers, &parts.uri)?;
        self.origins.check(&parts.headers)
    }

    /// Whether the request goes to this server, whatever page it comes from.
    pub(crate) fn check_host(&self, parts: &Parts) -> Result<(), Refusal> {
        self.hosts.check(&parts.headers, &parts.uri)
    }

    /// Whether the own machine is all that is served.
    pub(crate) fn is_local(&self) -> bool {
        self.hosts == Hosts::default()
    }

    /// What the page that sends the request is granted, as headers of the answer; to `OPTIONS` they are all of it. `None` when no
    /// page asks, and when pages are granted nothing.
    pub(crate) async fn grant(&self, parts: &Parts) -> Option<HeaderMap> {
        let cors = self.cors.as_ref()?;
        parts.headers.contains_key(ORIGIN).then_some(())?;
        // Boxed, so that it takes no room in the futures of requests that no page sends.
        Some(Box::pin(cors.grant(&parts.method, &parts.headers)).await)
    }

    /// Who sends the request: the bearer of its token, or, when nobody checks tokens, whom a layer before found out.
    pub(crate) async fn caller(
        &self,
        verifier: Option<&SharedTokenVerifier>,
        parts: &Parts,
    ) -> Result<Option<Principal>, Challenge> {
        match authenticate(verifier, &parts.headers).await {
            Ok(None) => Ok(parts.extensions.get().cloned()),
            Ok(caller) => Ok(caller),
            Err(challenge) => Err(match &self.realm {
                Some(realm) => challenge.realm(realm.clone()),
                None => challenge,
            }),
        }
    }
}
