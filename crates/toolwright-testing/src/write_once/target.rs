use toolwright_core::joint::SharedConnect;
#[cfg(feature = "http")]
use toolwright_http::{ServeHttp as _, client::Http};
use toolwright_server::{Links, Server, ServerBuilder};

use super::{
    Effects, Incident, Setting,
    faults::{Noted, Stage},
};

/// What a call goes to.
#[derive(Clone)]
pub(super) enum Target {
    One { server: Server, connect: SharedConnect },
    Several(Stage),
}

impl Target {
    pub(super) fn new(
        setting: Setting,
        incident: Option<Incident>,
        effects: &Effects,
        server: impl Fn() -> ServerBuilder,
    ) -> Self {
        let one = |connect: fn(Server) -> SharedConnect| {
            let server = built(server());
            Self::One { connect: connect(server.clone()), server }
        };
        match setting {
            Setting::Legacy | Setting::Modern => one(SharedConnect::new),
            #[cfg(feature = "http")]
            Setting::LegacyHttp | Setting::ModernHttp => {
                one(|server| SharedConnect::new(Http::in_process(server.http().service(), "/mcp")))
            }
            Setting::Fleet | Setting::FleetWithStore => {
                let with_store = setting == Setting::FleetWithStore;
                Self::Several(Stage::new(effects.clone(), with_store, incident, server))
            }
        }
    }

    pub(super) fn connect(&self) -> SharedConnect {
        match self {
            Self::One { connect, .. } => connect.clone(),
            Self::Several(stage) => SharedConnect::new(stage.clone()),
        }
    }

    /// What a web page opens links by.
    pub(super) fn links(&self) -> Links {
        match self {
            Self::One { server, .. } => server.links(),
            Self::Several(stage) => stage.page().links(),
        }
    }

    /// The call has its answer.
    pub(super) async fn after(&self) {
        if let Self::Several(stage) = self {
            stage.after().await;
        }
    }

    /// The client is gone.
    pub(super) async fn end(self) -> Noted {
        match self {
            Self::One { .. } => Noted::default(),
            Self::Several(stage) => stage.end().await,
        }
    }
}

/// # Panics
/// When the server cannot be built.
pub(super) fn built(builder: ServerBuilder) -> Server {
    builder.build().unwrap_or_else(|error| panic!("cannot build the server: {error}"))
}
