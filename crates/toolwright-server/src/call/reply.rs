use toolwright_core::{
    Raw,
    jsonrpc::RpcError,
    model::{
        CacheHint, CallToolResult, CompleteResult, DiscoverResult, GetPromptResult, InitializeResult,
        InputRequiredResult, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
        ListToolsResult, ReadResourceResult,
    },
};

use crate::registry::Page;

/// What a call ends with.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reply {
    /// A result.
    Result(ServerResult),
    /// An error.
    Error(RpcError),
    /// Nothing: notifications.
    Nothing,
}

impl Reply {
    /// Whether it is an error, or the result of a tool that says it failed.
    pub fn is_error(&self) -> bool {
        match self {
            Self::Error(_) => true,
            Self::Result(ServerResult::CallTool(result)) => result.is_error == Some(true),
            Self::Result(_) | Self::Nothing => false,
        }
    }
}

impl From<RpcError> for Reply {
    fn from(error: RpcError) -> Self {
        Self::Error(error)
    }
}

impl From<ServerResult> for Reply {
    fn from(result: ServerResult) -> Self {
        Self::Result(result)
    }
}

impl<T: Into<Self>> From<Result<T, RpcError>> for Reply {
    fn from(outcome: Result<T, RpcError>) -> Self {
        outcome.map_or_else(Self::Error, Into::into)
    }
}

/// The result of a request, before its era shapes it.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServerResult {
    /// `initialize`.
    Initialize(Box<InitializeResult>),
    /// `server/discover`.
    Discover(Box<DiscoverResult>),
    /// `tools/list`.
    ListTools(Box<ListToolsResult>),
    /// `tools/call`.
    CallTool(CallToolResult),
    /// `resources/list`.
    ListResources(Box<ListResourcesResult>),
    /// `resources/templates/list`.
    ListResourceTemplates(Box<ListResourceTemplatesResult>),
    /// `resources/read`, with what its component says about caching.
    ReadResource(Box<ReadResourceResult>, Option<CacheHint>),
    /// `prompts/list`.
    ListPrompts(Box<ListPromptsResult>),
    /// `prompts/get`.
    GetPrompt(Box<GetPromptResult>),
    /// `completion/complete`.
    Complete(Box<CompleteResult>),
    /// A multi round-trip request that needs answers first.
    InputRequired(Box<InputRequiredResult>),
    /// A page of a list that nobody edited, encoded before. Its typed form comes from
    /// [`edit`](ServerResult::edit).
    Page(Page),
    /// `{}`.
    Empty,
    /// The end of a `subscriptions/listen`.
    Listened,
    /// Anything of an extension, an object.
    Other(Raw),
}

impl ServerResult {
    /// The same with pages of lists in their typed form, for a layer that edits them. The encoded bytes are given up.
    ///
    /// Such a list is private to its caller, as if the layer had changed it for them; one that changes it for everyone in the same way
    /// may set `cache_scope` to public again ("Caching").
    ///
    /// Definitions stand there as the caller's revision shows them: those before 2025-03-26 have no annotations, for example.
    ///
    /// # Example
    /// ```
    /// use toolwright_server::{Call, Reply, ServerResult, middleware::Next};
    ///
    /// async fn hide_secrets(call: Call, next: Next) -> Reply {
    ///     match next.run(call).await {
    ///         Reply::Result(result) => match result.edit() {
    ///             ServerResult::ListTools(mut list) => {
    ///                 list.tools.retain(|tool| !tool.name.starts_with("secret"));
    ///                 ServerResult::ListTools(list).into()
    ///             }
    ///             other => other.into(),
    ///         },
    ///         other => other,
    ///     }
    /// }
    /// # let _ = hide_secrets;
    /// ```
    pub fn edit(self) -> Self {
        match self {
            Self::Page(page) => page.typed(),
            other => other,
        }
    }
}
