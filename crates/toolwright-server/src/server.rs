use std::sync::Arc;

use toolwright_core::{
    joint::{BoxFuture, Endpoint, Inbound, Outbound, Outlet, Session, Surface},
    model::Implementation,
};

use crate::{
    Error, Notifier, Prompt, Resource, ServerBuilder, Tool,
    component::{ComponentKey, Components},
    connection::Connection,
    engine::Engine,
    question::{Asker, SharedAsker},
};

/// A built server. Cheap to clone; all clones are the same server.
///
/// Transports serve it as an [`Endpoint`], and a client in the same process connects to it directly.
///
/// # Example
/// ```
/// use toolwright_server::{Context, Server, Tool};
///
/// let server = Server::builder("demo").tool(Tool::new("ping").handler(|_: Context| async { "pong" })).build()?;
/// assert_eq!(server.info().name, "demo");
/// # Ok::<(), toolwright_server::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Server {
    pub(crate) engine: Arc<Engine>,
    pub(crate) asker: Option<SharedAsker>,
}

impl Server {
    /// Starts a server of this name.
    pub fn builder(name: impl Into<String>) -> ServerBuilder {
        ServerBuilder::new(name.into())
    }

    pub(crate) fn new(engine: Engine) -> Self {
        Self { engine: Arc::new(engine), asker: None }
    }

    /// Who the server says it is.
    pub fn info(&self) -> &Implementation {
        &self.engine.info
    }

    /// Tells clients about changes, from anywhere.
    pub fn notifier(&self) -> Notifier {
        self.engine.notifier()
    }

    /// The same server with another way to get questions to clients answered.
    pub fn asking(&self, asker: impl Asker) -> Self {
        Self { engine: Arc::clone(&self.engine), asker: Some(SharedAsker::new(asker)) }
    }

    /// Adds a tool while the server runs, or replaces the one of the same name and version. Clients are told.
    ///
    /// # Errors
    /// When it is illegal, with the same texts as when building.
    pub fn add_tool(&self, tool: Tool) -> Result<(), Error> {
        self.engine.edit(|components| upsert(&mut components.tools, tool, Tool::key))?;
        self.notifier().tools_changed();
        Ok(())
    }

    /// Adds a resource or template while the server runs, or replaces the one at the same address. Clients are told.
    ///
    /// # Errors
    /// When it is illegal, with the same texts as when building.
    pub fn add_resource(&self, resource: Resource) -> Result<(), Error> {
        self.engine.edit(|components| upsert(&mut components.resources, resource, Resource::key))?;
        self.notifier().resources_changed();
        Ok(())
    }

    /// Adds a prompt while the server runs, or replaces the one of the same name and version. Clients are told.
    ///
    /// # Errors
    /// When it is illegal, with the same texts as when building.
    pub fn add_prompt(&self, prompt: Prompt) -> Result<(), Error> {
        self.engine.edit(|components| upsert(&mut components.prompts, prompt, Prompt::key))?;
        self.notifier().prompts_changed();
        Ok(())
    }

    /// Takes a component away while the server runs, with its completions. Clients are told. `false` when there was none.
    pub fn remove(&self, key: &ComponentKey) -> bool {
        use crate::component::Kind;
        let removed = self.engine.take(|components| {
            let before = components.tools.len() + components.resources.len() + components.prompts.len();
            components.tools.retain(|tool| tool.key() != *key);
            components.resources.retain(|resource| resource.key() != *key);
            components.prompts.retain(|prompt| prompt.key() != *key);
            let Components { tools, resources, prompts, completions } = components;
            // Another version of it may be left, which they then complete.
            completions.retain(|completion| {
                let target = completion.target();
                match target.kind {
                    Kind::Prompt => prompts.iter().any(|prompt| prompt.common().name == target.name),
                    _ => resources.iter().any(|resource| resource.address().as_str() == target.name),
                }
            });
            before != tools.len() + resources.len() + prompts.len()
        });
        if removed {
            match key.kind {
                Kind::Tool => self.notifier().tools_changed(),
                Kind::Prompt => self.notifier().prompts_changed(),
                Kind::Resource | Kind::Template => self.notifier().resources_changed(),
            }
        }
        removed
    }
}

fn upsert<T>(items: &mut Vec<T>, item: T, key: impl Fn(&T) -> ComponentKey) {
    let own = key(&item);
    match items.iter_mut().find(|other| key(other) == own) {
        Some(place) => *place = item,
        None => items.push(item),
    }
}

impl Endpoint for Server {
    fn call(&self, inbound: Inbound) -> BoxFuture<'static, Outbound> {
        crate::service::serve(&self.engine, self.asker.as_ref(), inbound)
    }

    fn open(&self, outlet: Arc<dyn Outlet>) -> Arc<dyn Session> {
        Connection::new(outlet)
    }

    fn surface(&self) -> &Surface {
        &self.engine.surface
    }

    fn start(&self) -> BoxFuture<'static, Result<(), Box<dyn std::error::Error + Send + Sync>>> {
        let engine = Arc::clone(&self.engine);
        Box::pin(async move { engine.start().await.map_err(Into::into) })
    }

    fn drain(&self) {
        self.engine.draining.turn_off();
    }

    fn stop(&self) -> BoxFuture<'static, ()> {
        let engine = Arc::clone(&self.engine);
        Box::pin(async move { engine.stop().await })
    }
}
