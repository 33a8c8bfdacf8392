use serde::Serialize;
use toolwright_core::model::{ListToolsResult, Tool};

use super::{CallOutcome, pages::pages};
use crate::{
    Client, ClientError, Request,
    request::{Done, Message},
};

impl Client {
    /// All tools. Follows every page.
    ///
    /// # Errors
    /// When the server refuses, or its pages do not end.
    pub async fn tools(&self) -> Result<Vec<Tool>, ClientError> {
        pages(|cursor, fresh| {
            let request = self.list_tools(cursor).fresh_if(fresh);
            async move {
                let page = request.await?;
                Ok((page.tools, page.next_cursor))
            }
        })
        .await
    }

    /// One page of the list of tools, the first without a cursor.
    ///
    /// Over HTTP, tools whose input schemas say in a wrong way which headers repeat their arguments are left out ("Custom Headers
    /// from Tool Parameters").
    pub fn list_tools(&self, cursor: Option<String>) -> Request<ListToolsResult> {
        Request::new(self, page(self, "tools/list", cursor.as_deref()), "", |done| {
            let mut page: ListToolsResult = done.reply.read("tools/list")?;
            done.shared.routes.catalog.learn(&mut page.tools, done.shared.connection().headers.mirrors());
            Ok(page)
        })
    }

    /// Calls a tool. Arguments are anything that serializes to an object, or to `null` for none.
    ///
    /// # Errors
    /// A tool that reports a failure is [`ClientError::Tool`]; [`call_raw`](Self::call_raw) returns it as a result.
    pub fn call(&self, name: impl AsRef<str>, arguments: impl Serialize) -> Request<CallOutcome> {
        let name = name.as_ref();
        Request::new(self, call(self, name, &arguments), name, |done| outcome(done)?.checked())
    }

    /// Calls a tool and returns what it answers, also when that is a failure.
    pub fn call_raw(&self, name: impl AsRef<str>, arguments: impl Serialize) -> Request<CallOutcome> {
        let name = name.as_ref();
        Request::new(self, call(self, name, &arguments), name, outcome)
    }
}

fn outcome(done: Done) -> Result<CallOutcome, ClientError> {
    CallOutcome::read(done.subject, &done.reply, |tool| done.shared.routes.catalog.wraps(tool))
}

fn call(client: &Client, name: &str, arguments: &impl Serialize) -> Result<Message, ClientError> {
    let mut message = client.shared().open("tools/call");
    let failed = |source| ClientError::Encode { what: format!("the arguments of `{name}`").into(), source };
    message.member("name", name).map_err(failed)?;
    message.object("arguments", arguments).map_err(failed)?;
    Ok(message)
}

/// A request for one page of a list.
pub(super) fn page(
    client: &Client,
    method: &'static str,
    cursor: Option<&str>,
) -> Result<Message, ClientError> {
    let mut message = client.shared().open(method);
    if let Some(cursor) = cursor {
        message
            .member("cursor", cursor)
            .map_err(|source| ClientError::Encode { what: "the cursor".into(), source })?;
    }
    Ok(message)
}
