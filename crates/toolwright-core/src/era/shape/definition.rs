use crate::{
    era::Era,
    model::{Annotations, Icon, Meta, Prompt, Resource, ResourceTemplate, Tool},
};

impl Era {
    /// Shapes the definition of a tool.
    pub fn shape_tool(self, tool: &mut Tool) {
        self.shape_labels(&mut tool.title, &mut tool.icons, &mut tool.meta);
        if !self.annotates_tools() {
            tool.annotations = None;
        }
        if !self.declares_task_support() {
            tool.execution = None;
        }
        match &tool.output_schema {
            Some(_) if !self.structures_results() => tool.output_schema = None,
            Some(schema) if self.structures_objects_only() && super::wrap::is_needed(schema) => {
                tool.output_schema = Some(super::wrap::schema(schema));
            }
            _ => {}
        }
    }

    /// Shapes the definition of a resource, or a link to one.
    pub fn shape_resource(self, resource: &mut Resource) {
        self.shape_labels(&mut resource.title, &mut resource.icons, &mut resource.meta);
        self.shape_annotations(resource.annotations.as_mut());
    }

    /// Shapes the definition of a resource template.
    pub fn shape_template(self, template: &mut ResourceTemplate) {
        self.shape_labels(&mut template.title, &mut template.icons, &mut template.meta);
        self.shape_annotations(template.annotations.as_mut());
    }

    /// Shapes the definition of a prompt.
    pub fn shape_prompt(self, prompt: &mut Prompt) {
        self.shape_labels(&mut prompt.title, &mut prompt.icons, &mut prompt.meta);
        if !self.titles() {
            prompt.arguments.iter_mut().flatten().for_each(|argument| argument.title = None);
        }
    }

    fn shape_labels(
        self,
        title: &mut Option<String>,
        icons: &mut Option<Vec<Icon>>,
        meta: &mut Option<Meta>,
    ) {
        if !self.titles() {
            *title = None;
            *meta = None;
        }
        if !self.draws_icons() {
            *icons = None;
        }
    }

    fn shape_annotations(self, annotations: Option<&mut Annotations>) {
        if let Some(annotations) = annotations.filter(|_| !self.titles()) {
            annotations.last_modified = None;
        }
    }
}
