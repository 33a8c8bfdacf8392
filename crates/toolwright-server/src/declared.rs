use std::sync::atomic::{AtomicU8, Ordering};

use toolwright_core::model::{
    Method, PromptsCapability, ResourcesCapability, ServerCapabilities, ToolsCapability,
};

use crate::{component::Kind, registry::Snapshot};

const TOOLS: u8 = 1;
const RESOURCES: u8 = 2;
const PROMPTS: u8 = 4;
const COMPLETIONS: u8 = 8;

/// The capabilities that a server declares: derived from what is registered, and kept once they were declared, since clients
/// remember what they were told.
#[derive(Debug, Default)]
pub(crate) struct Declared(AtomicU8);

impl Declared {
    /// Declares what the components of `snapshot` need. Live providers may come up with anything.
    pub(crate) fn follow(&self, snapshot: &Snapshot) {
        let mut bits = 0;
        if !snapshot.live.is_empty() {
            bits |= TOOLS | RESOURCES | PROMPTS | COMPLETIONS;
        }
        if !snapshot.tools.is_empty() {
            bits |= TOOLS;
        }
        if !snapshot.resources.is_empty() || !snapshot.templates.is_empty() {
            bits |= RESOURCES;
        }
        if !snapshot.prompts.is_empty() {
            bits |= PROMPTS;
        }
        if !snapshot.completions.is_empty() {
            bits |= COMPLETIONS;
        }
        self.0.fetch_or(bits, Ordering::Relaxed);
    }

    /// Declares a kind of component that is yet to come.
    pub(crate) fn expect(&self, kind: Kind) {
        let bit = match kind {
            Kind::Tool => TOOLS,
            Kind::Resource | Kind::Template => RESOURCES,
            Kind::Prompt => PROMPTS,
        };
        self.0.fetch_or(bit, Ordering::Relaxed);
    }

    fn has(&self, bits: u8) -> bool {
        self.0.load(Ordering::Relaxed) & bits != 0
    }

    /// Whether the capability that a method belongs to is declared; a method of one that is not does not exist ("Discovery").
    pub(crate) fn serves(&self, method: &Method) -> bool {
        use Method as M;
        match method {
            M::ListTools | M::CallTool => self.has(TOOLS),
            M::ListResources | M::ListResourceTemplates | M::ReadResource | M::Subscribe | M::Unsubscribe => {
                self.has(RESOURCES)
            }
            M::ListPrompts | M::GetPrompt => self.has(PROMPTS),
            M::Complete => self.has(COMPLETIONS),
            M::SetLevel => self.has(u8::MAX),
            _ => true,
        }
    }

    /// The same as clients are told.
    pub(crate) fn capabilities(&self) -> ServerCapabilities {
        let mut capabilities = ServerCapabilities::new();
        if self.has(TOOLS) {
            capabilities = capabilities.tools(ToolsCapability::new().list_changed(true));
        }
        if self.has(RESOURCES) {
            capabilities =
                capabilities.resources(ResourcesCapability::new().subscribe(true).list_changed(true));
        }
        if self.has(PROMPTS) {
            capabilities = capabilities.prompts(PromptsCapability::new().list_changed(true));
        }
        if self.has(COMPLETIONS) {
            capabilities = capabilities.completions();
        }
        if self.has(u8::MAX) {
            capabilities = capabilities.logging();
        }
        capabilities
    }
}
