use crate::{era::Era, model::CallToolResult};

impl Era {
    /// Shapes the result of a tool. `wraps` says that the tool's output schema is no object schema, so that revisions which know only
    /// objects get `{"result": ..}`.
    pub fn shape_call_result(self, result: &mut CallToolResult, wraps: bool) {
        match &result.structured_content {
            Some(_) if !self.structures_results() => result.structured_content = None,
            Some(value) if self.structures_objects_only() && (wraps || !value.is_object()) => {
                result.structured_content = Some(super::wrap::value(value));
            }
            _ => {}
        }
        self.shape_content(&mut result.content);
    }

    /// Whether a tool with this output schema has its results wrapped for revisions that know only objects.
    pub fn wraps(output_schema: &crate::Raw) -> bool {
        super::wrap::is_needed(output_schema)
    }
}
