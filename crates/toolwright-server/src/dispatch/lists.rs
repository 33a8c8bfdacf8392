use std::sync::Arc;

use serde::Deserialize;
use toolwright_core::{
    era::Labelled,
    jsonrpc::RpcError,
    model::{
        CacheHint, CacheScope, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
        ListToolsResult,
    },
};

use super::found;
use crate::{
    Call, Context, Prompt, Reply, Resource, ServerResult, Tool,
    component::Address,
    provider::Caller,
    registry::{Cursor, Family, Item, Listing, Page, PageKey, Snapshot, ask},
};

/// The four lists.
pub(super) async fn list(call: &Call, listing: Listing) -> Reply {
    let cursor = match cursor(call) {
        Ok(cursor) => cursor,
        Err(error) => return error.into(),
    };
    let snapshot = call.context.engine().snapshot();
    let context = &call.context;
    if snapshot.live.is_empty() {
        return ServerResult::Page(match listing {
            Listing::Tools => cached(context, &snapshot, listing, &snapshot.tools, cursor, tools),
            Listing::Resources => cached(context, &snapshot, listing, &snapshot.resources, cursor, resources),
            Listing::Templates => cached(context, &snapshot, listing, &snapshot.templates, cursor, templates),
            Listing::Prompts => cached(context, &snapshot, listing, &snapshot.prompts, cursor, prompts),
        })
        .into();
    }
    let caller = found::caller(context);
    match listing {
        Listing::Tools => {
            let live = gather(&caller, ask(snapshot.live.iter().map(|live| live.tools(&caller))).await);
            ServerResult::ListTools(Box::new(merged(context, &snapshot.tools, live, cursor, tools)))
        }
        Listing::Prompts => {
            let live = gather(&caller, ask(snapshot.live.iter().map(|live| live.prompts(&caller))).await);
            ServerResult::ListPrompts(Box::new(merged(context, &snapshot.prompts, live, cursor, prompts)))
        }
        Listing::Resources | Listing::Templates => {
            let mut live =
                gather(&caller, ask(snapshot.live.iter().map(|live| live.resources(&caller))).await);
            let wants_uris = listing == Listing::Resources;
            live.retain(|resource| matches!(resource.address(), Address::Uri(_)) == wants_uris);
            if wants_uris {
                ServerResult::ListResources(Box::new(merged(
                    context,
                    &snapshot.resources,
                    live,
                    cursor,
                    resources,
                )))
            } else {
                let page = merged(context, &snapshot.templates, live, cursor, templates);
                ServerResult::ListResourceTemplates(Box::new(page))
            }
        }
    }
    .into()
}

fn cursor(call: &Call) -> Result<Option<Cursor>, RpcError> {
    // Nothing else of the parameters is looked at here; their `_meta` was read before.
    #[derive(Deserialize)]
    struct Params {
        cursor: Option<String>,
    }
    let params: Params = call.params()?;
    params.cursor.as_deref().map(Cursor::decode).transpose()
}

/// A page of compiled components, from the bytes that were written for the first caller with the same access.
fn cached<T: Item, R: Labelled>(
    context: &Context,
    snapshot: &Snapshot,
    listing: Listing,
    family: &Family<T>,
    cursor: Option<Cursor>,
    result: fn(&Context, &[&Arc<T>], Option<Cursor>) -> R,
) -> Page {
    let visible = || family.visible(context.principal());
    let start = cursor.map_or(0, |cursor| cursor.start(visible().map(|item| item.address())));
    let key =
        PageKey { listing, revision: context.revision(), access: family.access(context.principal()), start };
    snapshot.pages.find_or_encode(key, || {
        let (page, next) = cut(context, visible(), start);
        let engine = context.engine();
        let mut hint = engine.cache;
        if family.is_restricted() {
            hint.scope = CacheScope::Private;
        }
        context.era().result(result(context, &page, next), hint, &engine.signature)
    })
}

/// A page of compiled and live components. It depends on the caller, so nobody else may keep it.
fn merged<T: Item, R: Labelled>(
    context: &Context,
    family: &Family<T>,
    live: Vec<T>,
    cursor: Option<Cursor>,
    result: fn(&Context, &[&Arc<T>], Option<Cursor>) -> R,
) -> R {
    let live: Vec<T> = live
        .into_iter()
        .filter(|item| family.find(item.address(), None, context.principal()).is_none())
        .collect();
    let live = Family::new(live);
    let all: Vec<_> = family.visible(context.principal()).chain(live.visible(context.principal())).collect();
    let start = cursor.map_or(0, |cursor| cursor.start(all.iter().map(|item| item.address())));
    let (page, next) = cut(context, all.iter().copied(), start);
    let mut page = result(context, &page, next);
    if let Some((ttl, scope)) = page.cache_mut() {
        let CacheHint { ttl_ms, .. } = context.engine().cache;
        (*ttl, *scope) = (Some(ttl_ms), Some(CacheScope::Private));
    }
    page
}

fn gather<T: Item>(caller: &Caller, answers: Vec<crate::provider::Answer<T>>) -> Vec<T> {
    let all = answers.into_iter().filter_map(|answer| answer.outcome.ok()).flatten();
    all.filter(|item| !item.common().hidden && item.allows(caller.principal())).collect()
}

fn cut<'a, T: Item + 'a>(
    context: &Context,
    items: impl Iterator<Item = &'a Arc<T>>,
    start: usize,
) -> (Vec<&'a Arc<T>>, Option<Cursor>) {
    let size = context.engine().limits().page.max(1);
    let mut rest = items.skip(start).peekable();
    let page: Vec<_> = rest.by_ref().take(size).collect();
    let next = match (page.last(), rest.peek()) {
        (Some(last), Some(_)) => Some(Cursor::after(last.address(), start + page.len() - 1)),
        _ => None,
    };
    (page, next)
}

fn tools(context: &Context, page: &[&Arc<Tool>], next: Option<Cursor>) -> ListToolsResult {
    let era = context.era();
    let mut result = ListToolsResult::new(page.iter().map(|tool| {
        let mut definition = tool.definition();
        era.shape_tool(&mut definition);
        definition
    }));
    result.next_cursor = next.map(|cursor| cursor.encode());
    result
}

fn resources(context: &Context, page: &[&Arc<Resource>], next: Option<Cursor>) -> ListResourcesResult {
    let era = context.era();
    let mut result = ListResourcesResult::new(page.iter().map(|resource| {
        let mut definition = resource.definition();
        era.shape_resource(&mut definition);
        definition
    }));
    result.next_cursor = next.map(|cursor| cursor.encode());
    result
}

fn templates(
    context: &Context,
    page: &[&Arc<Resource>],
    next: Option<Cursor>,
) -> ListResourceTemplatesResult {
    let era = context.era();
    let mut result = ListResourceTemplatesResult::new(page.iter().map(|resource| {
        let mut definition = resource.template_definition();
        era.shape_template(&mut definition);
        definition
    }));
    result.next_cursor = next.map(|cursor| cursor.encode());
    result
}

fn prompts(context: &Context, page: &[&Arc<Prompt>], next: Option<Cursor>) -> ListPromptsResult {
    let era = context.era();
    let mut result = ListPromptsResult::new(page.iter().map(|prompt| {
        let mut definition = prompt.definition();
        era.shape_prompt(&mut definition);
        definition
    }));
    result.next_cursor = next.map(|cursor| cursor.encode());
    result
}
