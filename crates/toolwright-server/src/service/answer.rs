use bytes::Bytes;
use http::StatusCode;
use toolwright_core::{
    era::Era,
    joint::Outbound,
    jsonrpc::{Id, RpcError, encode},
};

/// What becomes of one message.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) body: Option<Bytes>,
    pub(crate) status: StatusCode,
    pub(crate) opened: bool,
}

impl Answer {
    pub(crate) const NOTHING: Self = Self { body: None, status: StatusCode::ACCEPTED, opened: false };

    pub(crate) fn result(body: Bytes) -> Self {
        Self { body: Some(body), status: StatusCode::OK, opened: false }
    }

    pub(crate) fn error(era: Era, id: Option<&Id>, error: &RpcError, status: StatusCode) -> Self {
        let absent = if era.omits_unknown_ids() { encode::AbsentId::Omitted } else { encode::AbsentId::Null };
        Self { body: Some(encode::error(id, absent, error)), status, opened: false }
    }

    pub(crate) fn into_outbound(self) -> Outbound {
        let outbound = match self.body {
            Some(body) => Outbound::answer(body).status(self.status),
            None => Outbound::nothing().status(self.status),
        };
        if self.opened { outbound.opened() } else { outbound }
    }
}
