use std::sync::Arc;

use toolwright_core::joint::{
    Attach, BoxFuture, Connect, ConnectError, Endpoint, Inbound, Incoming, Link, LinkError, Outgoing, Outlet,
    Principal, Session, Transport,
};

use crate::Server;

/// A client in the same process: its messages are calls of the server, without bytes streams or tasks between.
impl Connect for Server {
    async fn connect(&self, attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        self.start()
            .await
            .map_err(|source| ConnectError::new(format!("server `{}`", self.info().name), source))?;
        let session = self.open(Arc::clone(&attach.inlet));
        Ok(Arc::new(InProcess {
            server: self.clone(),
            session,
            inlet: attach.inlet,
            principal: attach.principal,
        }))
    }
}

struct InProcess {
    server: Server,
    session: Arc<dyn Session>,
    inlet: Arc<dyn Outlet>,
    principal: Option<Principal>,
}

impl Link for InProcess {
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        let inbound = Inbound::new(message.body, Transport::InProcess, Arc::clone(&self.inlet))
            .session(Arc::clone(&self.session))
            .principal(self.principal.clone());
        let answer = self.server.call(inbound);
        Box::pin(async move {
            let outbound = answer.await;
            Ok(Incoming::new(outbound.body).status(outbound.status))
        })
    }

    fn announces_cancel(&self) -> bool {
        false
    }

    fn wants_headers(&self) -> bool {
        false
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        self.session.close();
        Box::pin(std::future::ready(()))
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        self.session.close();
    }
}
