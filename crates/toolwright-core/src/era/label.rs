use bytes::Bytes;
use serde::Serialize;

use super::Era;
use crate::{
    Raw,
    jsonrpc::{Id, encode, encode::ResultWriter},
    model::{
        AnyResult, CacheHint, CacheScope, CallToolResult, CompleteResult, DiscoverResult, EmptyResult,
        GetPromptResult, InitializeResult, InputRequiredResult, ListPromptsResult,
        ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, Meta, ReadResourceResult,
        ResultType, meta,
    },
};

/// What a stateless server says about itself in every result, written once.
#[derive(Clone, Debug, Default)]
pub struct Signature(Option<Signed>);

#[derive(Clone, Debug)]
struct Signed {
    value: serde_json::Value,
    member: Box<str>,
}

impl Signature {
    /// The signature of this server.
    pub fn new(server: &crate::model::Implementation) -> Self {
        let value = serde_json::to_value(server).expect("an implementation can always be written");
        let member = format!("\"_meta\":{{\"{}\":{value}}}", meta::SERVER_INFO.as_str()).into();
        Self(Some(Signed { value, member }))
    }
}

/// A result as its era labels it: type, freshness, signature.
pub trait Labelled: Serialize {
    /// The `_meta` member.
    fn meta_mut(&mut self) -> Option<&mut Option<Meta>>;

    /// The `resultType` member.
    fn result_type_mut(&mut self) -> Option<&mut Option<ResultType>> {
        None
    }

    /// The members that say how long it stays fresh.
    fn cache_mut(&mut self) -> Option<(&mut Option<u64>, &mut Option<CacheScope>)> {
        None
    }
}

impl Era {
    /// Writes the response to `id`: labels `result` as this era does and signs it.
    ///
    /// `hint` is how long a cacheable result stays fresh, unless it says so itself.
    pub fn response<R: Labelled>(
        self,
        id: &Id,
        mut result: R,
        hint: CacheHint,
        signature: &Signature,
    ) -> Bytes {
        let tail = self.label(&mut result, hint, signature);
        let mut writer = ResultWriter::open(id);
        write(writer.buffer(), &result, tail);
        writer.close()
    }

    /// Writes the response to `id` with a result that is JSON already, of an extension for example. What it lacks of the labels of
    /// this era is added.
    pub fn label_raw(self, id: &Id, result: &Raw, signature: &Signature) -> Bytes {
        if !self.labels_results() {
            return encode::result(id, result.as_str().as_bytes());
        }
        match result.read::<AnyResult>() {
            Ok(result) => self.response(id, result, CacheHint::new(0, CacheScope::Private), signature),
            Err(_) => encode::result(id, result.as_str().as_bytes()),
        }
    }

    /// Writes a result without the response around it, for keeping.
    pub fn result<R: Labelled>(self, mut result: R, hint: CacheHint, signature: &Signature) -> Bytes {
        let tail = self.label(&mut result, hint, signature);
        let mut buffer = Vec::new();
        write(&mut buffer, &result, tail);
        buffer.into()
    }

    /// Labels a result and returns the member that is left to append.
    fn label<'a, R: Labelled>(
        self,
        result: &mut R,
        hint: CacheHint,
        signature: &'a Signature,
    ) -> Option<&'a str> {
        if !self.labels_results() {
            result.result_type_mut().map(Option::take);
            if let Some((ttl, scope)) = result.cache_mut() {
                (*ttl, *scope) = (None, None);
            }
            return None;
        }
        if let Some(result_type) = result.result_type_mut() {
            result_type.get_or_insert(ResultType::Complete);
        }
        if let Some((ttl, scope)) = result.cache_mut() {
            ttl.get_or_insert(hint.ttl_ms);
            scope.get_or_insert(hint.scope);
        }
        let signed = signature.0.as_ref()?;
        match result.meta_mut()? {
            None => Some(&signed.member),
            Some(meta) => {
                if meta.get(meta::SERVER_INFO.as_str()).is_none() {
                    meta.insert(meta::SERVER_INFO.as_str(), signed.value.clone());
                }
                None
            }
        }
    }
}

/// The tail is appended to the finished object, which saves building `_meta` as a tree for each result.
fn write<R: Serialize>(buffer: &mut Vec<u8>, result: &R, tail: Option<&str>) {
    serde_json::to_writer(&mut *buffer, result).expect("results of the model can always be written");
    if let Some(tail) = tail {
        debug_assert_eq!(buffer.last(), Some(&b'}'), "a result is an object");
        buffer.pop();
        if buffer.last() != Some(&b'{') {
            buffer.push(b',');
        }
        buffer.extend_from_slice(tail.as_bytes());
        buffer.push(b'}');
    }
}

macro_rules! labelled {
    ($($name:ty: $($member:ident)*;)*) => {$(
        impl Labelled for $name {
            $(labelled!(@ $member);)*
        }
    )*};
    (@ meta) => {
        fn meta_mut(&mut self) -> Option<&mut Option<Meta>> {
            Some(&mut self.meta)
        }
    };
    (@ kind) => {
        fn result_type_mut(&mut self) -> Option<&mut Option<ResultType>> {
            Some(&mut self.result_type)
        }
    };
    (@ cache) => {
        fn cache_mut(&mut self) -> Option<(&mut Option<u64>, &mut Option<CacheScope>)> {
            Some((&mut self.ttl_ms, &mut self.cache_scope))
        }
    };
}

labelled! {
    InitializeResult: meta;
    DiscoverResult: meta kind cache;
    ListToolsResult: meta kind cache;
    ListResourcesResult: meta kind cache;
    ListResourceTemplatesResult: meta kind cache;
    ListPromptsResult: meta kind cache;
    ReadResourceResult: meta kind cache;
    CallToolResult: meta kind;
    GetPromptResult: meta kind;
    CompleteResult: meta kind;
    EmptyResult: meta kind;
    AnyResult: meta kind;
    InputRequiredResult: meta;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        era::Revision,
        model::{Implementation, ListToolsResult},
    };

    fn text(revision: Revision, result: impl Labelled) -> String {
        let signature = Signature::new(&Implementation::new("demo", "1.0.0"));
        let response =
            revision.era().response(&7.into(), result, CacheHint::new(5, CacheScope::Public), &signature);
        String::from_utf8(response.to_vec()).unwrap()
    }

    #[test]
    fn a_stateless_result_says_its_type_freshness_and_server() {
        assert_eq!(
            text(Revision::V2026_07_28, ListToolsResult::new([])),
            r#"{"jsonrpc":"2.0","id":7,"result":{"tools":[],"ttlMs":5,"cacheScope":"public","resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"demo","version":"1.0.0"}}}}"#
        );
        let with_meta = EmptyResult::new().meta(Meta::new().member("com.example/x", 1));
        assert_eq!(
            text(Revision::V2026_07_28, with_meta),
            r#"{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete","_meta":{"com.example/x":1,"io.modelcontextprotocol/serverInfo":{"name":"demo","version":"1.0.0"}}}}"#
        );
    }

    #[test]
    fn an_older_result_says_none_of_that() {
        let labelled = ListToolsResult::new([]).ttl_ms(3).cache_scope(CacheScope::Private);
        assert_eq!(
            text(Revision::V2025_11_25, labelled),
            r#"{"jsonrpc":"2.0","id":7,"result":{"tools":[]}}"#
        );
        assert_eq!(
            text(Revision::V2025_11_25, EmptyResult::new()),
            r#"{"jsonrpc":"2.0","id":7,"result":{}}"#
        );
    }
}
