use toolwright_core::model::{
    EmptyResult, ListResourceTemplatesResult, ListResourcesResult, ReadResourceResult, Resource,
    ResourceTemplate,
};

use super::{pages::pages, tools::page};
use crate::{Client, ClientError, Request};

impl Client {
    /// All resources. Follows every page.
    ///
    /// # Errors
    /// When the server refuses, or its pages do not end.
    pub async fn resources(&self) -> Result<Vec<Resource>, ClientError> {
        pages(|cursor, fresh| {
            let request = self.list_resources(cursor).fresh_if(fresh);
            async move {
                let page = request.await?;
                Ok((page.resources, page.next_cursor))
            }
        })
        .await
    }

    /// One page of the list of resources, the first without a cursor.
    pub fn list_resources(&self, cursor: Option<String>) -> Request<ListResourcesResult> {
        Request::new(self, page(self, "resources/list", cursor.as_deref()), "", |done| {
            done.reply.read("resources/list")
        })
    }

    /// All resource templates. Follows every page.
    ///
    /// # Errors
    /// When the server refuses, or its pages do not end.
    pub async fn templates(&self) -> Result<Vec<ResourceTemplate>, ClientError> {
        pages(|cursor, fresh| {
            let request = self.list_templates(cursor).fresh_if(fresh);
            async move {
                let page = request.await?;
                Ok((page.resource_templates, page.next_cursor))
            }
        })
        .await
    }

    /// One page of the list of resource templates, the first without a cursor.
    pub fn list_templates(&self, cursor: Option<String>) -> Request<ListResourceTemplatesResult> {
        Request::new(self, page(self, "resources/templates/list", cursor.as_deref()), "", |done| {
            done.reply.read("resources/templates/list")
        })
    }

    /// Reads a resource.
    ///
    /// # Errors
    /// One that [`is_not_found`](ClientError::is_not_found) if there is no such resource, in every revision.
    pub fn read(&self, uri: impl AsRef<str>) -> Request<ReadResourceResult> {
        let uri = uri.as_ref();
        let mut message = self.shared().open("resources/read");
        let message = message
            .member("uri", uri)
            .map(|()| message)
            .map_err(|source| ClientError::Encode { what: "the URI".into(), source });
        Request::new(self, message, uri, |done| done.reply.read("resources/read"))
    }

    /// `resources/subscribe`, which only sessions have: [`listen`](Self::listen) works in every revision, and tells a session that is
    /// opened anew, which this does not.
    ///
    /// # Errors
    /// [`ClientError::Unsupported`] without a session, else when the server refuses.
    pub async fn subscribe(&self, uri: impl AsRef<str>) -> Result<(), ClientError> {
        self.about(uri.as_ref(), "resources/subscribe").await
    }

    /// Takes [`subscribe`](Self::subscribe) back.
    ///
    /// # Errors
    /// [`ClientError::Unsupported`] without a session, else when the server refuses.
    pub async fn unsubscribe(&self, uri: impl AsRef<str>) -> Result<(), ClientError> {
        self.about(uri.as_ref(), "resources/unsubscribe").await
    }

    async fn about(&self, uri: &str, method: &'static str) -> Result<(), ClientError> {
        self.in_session(method)?;
        let mut message = self.shared().open(method);
        let message = message
            .member("uri", uri)
            .map(|()| message)
            .map_err(|source| ClientError::Encode { what: "the URI".into(), source });
        Request::new(self, message, uri, |done| done.reply.read::<EmptyResult>("the request").map(|_| ()))
            .await
    }
}
