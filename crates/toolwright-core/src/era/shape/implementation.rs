use crate::{
    era::Era,
    model::{Implementation, ServerCapabilities},
};

impl Era {
    /// Shapes what a server or client says it is.
    pub fn shape_implementation(self, implementation: &mut Implementation) {
        if !self.titles() {
            implementation.title = None;
        }
        if !self.draws_icons() {
            implementation.icons = None;
            implementation.description = None;
            implementation.website_url = None;
        }
    }

    /// Shapes what a server can do.
    pub fn shape_capabilities(self, capabilities: &mut ServerCapabilities) {
        if !self.declares_completions() {
            capabilities.completions = None;
        }
        if !self.declares_task_support() {
            capabilities.tasks = None;
        }
    }
}
