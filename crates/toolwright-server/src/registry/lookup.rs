use std::{cmp::Ordering, sync::Arc};

use toolwright_core::{
    joint::Principal,
    uri::{Specificity, UriTemplate},
};

use super::{Item, Snapshot, version};
use crate::{
    Completion, Prompt, Resource, Tool,
    arguments::Variables,
    component::{Address, CompletionTarget, Kind},
    provider::{Answer, Caller},
};

/// Why a component was not found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// There is none of that name for this caller.
    Unknown,
    /// There may be one, but these providers failed.
    Failed(String),
}

impl Snapshot {
    /// The tool that this caller means. Compiled ones are found first, so that no live provider can make them wait.
    pub(crate) async fn tool(
        &self,
        name: &str,
        version: Option<&str>,
        caller: &Caller,
    ) -> Result<Arc<Tool>, Missing> {
        if let Some(tool) = self.tools.find(name, version, caller.principal()) {
            return Ok(Arc::clone(tool));
        }
        let answers = ask(self.live.iter().map(|live| live.tool(caller, name))).await;
        choose(answers, version, caller.principal(), |_| ())
    }

    /// The prompt that this caller means.
    pub(crate) async fn prompt(
        &self,
        name: &str,
        version: Option<&str>,
        caller: &Caller,
    ) -> Result<Arc<Prompt>, Missing> {
        if let Some(prompt) = self.prompts.find(name, version, caller.principal()) {
            return Ok(Arc::clone(prompt));
        }
        let answers = ask(self.live.iter().map(|live| live.prompt(caller, name))).await;
        choose(answers, version, caller.principal(), |_| ())
    }

    /// The resource at `uri`, or the most specific template that matches it, with its variables.
    pub(crate) async fn resource(
        &self,
        uri: &str,
        version: Option<&str>,
        caller: &Caller,
    ) -> Result<(Arc<Resource>, Variables), Missing> {
        if let Some(found) = self.compiled_resource(uri, version, caller.principal()) {
            return Ok(found);
        }
        let answers = ask(self.live.iter().map(|live| live.resource(caller, uri))).await;
        let resource =
            choose(answers, version, caller.principal(), |resource| closeness(resource.address()))?;
        let variables = variables(resource.address(), uri).ok_or(Missing::Unknown)?;
        Ok((resource, variables))
    }

    fn compiled_resource(
        &self,
        uri: &str,
        version: Option<&str>,
        caller: Option<&Principal>,
    ) -> Option<(Arc<Resource>, Variables)> {
        if let Some(resource) = self.resources.find(uri, version, caller) {
            return Some((Arc::clone(resource), Variables::default()));
        }
        self.matchers.iter().find_map(|template| {
            let captures = template.compiled.matches(uri)?;
            let resource = self.templates.find(template.compiled.as_str(), version, caller)?;
            let pairs = captures.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
            Some((Arc::clone(resource), Variables::new(pairs)))
        })
    }

    /// The completion of an argument whose prompt or template this caller may use.
    pub(crate) async fn completion(
        &self,
        target: &CompletionTarget,
        caller: &Caller,
    ) -> Result<Option<Completion>, Missing> {
        let principal = caller.principal();
        let known = match target.kind {
            Kind::Prompt => self.prompts.find(&target.name, None, principal).is_some(),
            _ => {
                self.templates.find(&target.name, None, principal).is_some()
                    || self.compiled_resource(&target.name, None, principal).is_some()
            }
        };
        if known {
            return Ok(self.completions.get(target).cloned());
        }
        let mut names = vec![target.name.clone()];
        match target.kind {
            Kind::Prompt => drop(self.prompt(&target.name, None, caller).await?),
            _ => {
                let answers = ask(self.live.iter().map(|live| live.resources(caller))).await;
                let meant = |resource: &&Resource| {
                    resource.address().as_str() == target.name && is_there(*resource, principal)
                };
                let all = answers.iter().filter_map(|answer| answer.outcome.as_ref().ok()).flatten();
                match all.into_iter().find(meant) {
                    // Clients name a template by its address, completions perhaps by its name.
                    Some(resource) => names.push(resource.common().name.clone()),
                    None => return Err(failures(&answers)),
                }
            }
        }
        let answers = ask(self.live.iter().map(|live| live.completions(caller))).await;
        let all = answers.into_iter().filter_map(|answer| answer.outcome.ok()).flatten();
        Ok(all.into_iter().find(|completion| {
            let found = completion.target();
            found.kind == target.kind && found.argument == target.argument && names.contains(&found.name)
        }))
    }
}

/// The variables that an address has at `uri`; none where it does not lead there.
fn variables(address: &Address, uri: &str) -> Option<Variables> {
    match address {
        Address::Uri(own) => (own == uri).then(Variables::default),
        Address::Template(template) => {
            let template = UriTemplate::parse(template).ok()?;
            let captures = template.matches(uri)?;
            Some(Variables::new(captures.iter().map(|(name, value)| (name.to_owned(), value.to_owned()))))
        }
    }
}

/// Asks all providers at the same time.
pub(crate) async fn ask<T, F: Future<Output = Answer<T>>>(
    questions: impl Iterator<Item = F>,
) -> Vec<Answer<T>> {
    let mut pending: Vec<_> = questions.map(Box::pin).collect();
    let mut answers: Vec<Option<Answer<T>>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        let mut open = false;
        for (question, answer) in pending.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match question.as_mut().poll(cx) {
                    std::task::Poll::Ready(ready) => *answer = Some(ready),
                    std::task::Poll::Pending => open = true,
                }
            }
        }
        if open { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    answers.into_iter().flatten().collect()
}

/// How closely an address describes its URIs: a URI more than any template.
fn closeness(address: &Address) -> (bool, Option<Specificity>) {
    match address {
        Address::Uri(_) => (true, None),
        Address::Template(text) => {
            (false, UriTemplate::parse(text).ok().map(|template| template.specificity()))
        }
    }
}

fn is_there<T: Item>(item: &T, caller: Option<&Principal>) -> bool {
    !item.common().hidden && item.allows(caller)
}

/// Of what the providers found the closest, and of its versions the one that is asked for or else the highest.
fn choose<T: Item, C: Ord>(
    answers: Vec<Answer<T>>,
    wanted: Option<&str>,
    caller: Option<&Principal>,
    closeness: impl Fn(&T) -> C,
) -> Result<Arc<T>, Missing> {
    let missing = failures(&answers);
    answers
        .into_iter()
        .filter_map(|answer| answer.outcome.ok())
        .flatten()
        .filter(|item| is_there(item, caller))
        .filter(|item| wanted.is_none() || item.common().version.as_deref() == wanted)
        .reduce(|best, item| {
            let by_version =
                || version::compare(item.common().version.as_deref(), best.common().version.as_deref());
            match closeness(&item).cmp(&closeness(&best)).then_with(by_version) {
                Ordering::Greater => item,
                Ordering::Less | Ordering::Equal => best,
            }
        })
        .map(Arc::new)
        .ok_or(missing)
}

fn failures<T>(answers: &[Answer<T>]) -> Missing {
    let failed: Vec<_> = answers
        .iter()
        .filter_map(|answer| {
            answer.outcome.as_ref().err().map(|reason| format!("`{}` ({reason})", answer.provider))
        })
        .collect();
    if failed.is_empty() { Missing::Unknown } else { Missing::Failed(failed.join(", ")) }
}
