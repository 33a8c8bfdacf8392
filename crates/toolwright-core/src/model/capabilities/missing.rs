use super::{
    ClientCapabilities, ClientTaskRequests, ClientTasksCapability, ElicitationCapability, Extensions,
    SamplingCapability,
};
use crate::model::JsonObject;

impl ClientCapabilities {
    /// The part of `required` that is not declared here, or nothing if all is.
    ///
    /// It is what the `data.requiredCapabilities` of error -32021 carries. `elicitation: {}` counts as forms on both sides;
    /// settings are not compared, for presence is what declares.
    pub fn missing(&self, required: &Self) -> Option<Self> {
        let missing = Self {
            experimental: absent_members(&self.experimental, &required.experimental),
            roots: required.roots.clone().filter(|_| self.roots.is_none()),
            sampling: part(&self.sampling, &required.sampling, missing_sampling),
            elicitation: part(&self.elicitation, &required.elicitation, missing_elicitation),
            tasks: part(&self.tasks, &required.tasks, |declared, required| {
                missing_tasks(declared, required).map(Box::new)
            }),
            extensions: missing_extensions(&self.extensions, &required.extensions),
        };
        (missing != Self::default()).then_some(missing)
    }
}

/// All of `required` if nothing is declared, else what `compare` finds.
fn part<T: Clone>(declared: &Option<T>, required: &Option<T>, compare: fn(&T, &T) -> Option<T>) -> Option<T> {
    let required = required.as_ref()?;
    match declared {
        None => Some(required.clone()),
        Some(declared) => compare(declared, required),
    }
}

fn absent(declared: &Option<JsonObject>, required: &Option<JsonObject>) -> Option<JsonObject> {
    required.clone().filter(|_| declared.is_none())
}

fn absent_members(declared: &Option<JsonObject>, required: &Option<JsonObject>) -> Option<JsonObject> {
    let missing: JsonObject = required
        .iter()
        .flatten()
        .filter(|(name, _)| !declared.as_ref().is_some_and(|declared| declared.contains_key(*name)))
        .map(|(name, settings)| (name.clone(), settings.clone()))
        .collect();
    (!missing.is_empty()).then_some(missing)
}

fn missing_sampling(
    declared: &SamplingCapability,
    required: &SamplingCapability,
) -> Option<SamplingCapability> {
    let context = absent(&declared.context, &required.context);
    let tools = absent(&declared.tools, &required.tools);
    (context.is_some() || tools.is_some()).then_some(SamplingCapability { context, tools })
}

fn missing_elicitation(
    declared: &ElicitationCapability,
    required: &ElicitationCapability,
) -> Option<ElicitationCapability> {
    let form = required.has_form() && !declared.has_form();
    let url = required.has_url() && !declared.has_url();
    (form || url).then(|| ElicitationCapability {
        form: form.then(|| required.form.clone().unwrap_or_default()),
        url: required.url.clone().filter(|_| url),
    })
}

fn missing_tasks(
    declared: &ClientTasksCapability,
    required: &ClientTasksCapability,
) -> Option<ClientTasksCapability> {
    let list = absent(&declared.list, &required.list);
    let cancel = absent(&declared.cancel, &required.cancel);
    let requests = part(&declared.requests, &required.requests, |declared, required| {
        let sampling = required.sampling.clone().filter(|_| declared.sampling.is_none());
        let elicitation = required.elicitation.clone().filter(|_| declared.elicitation.is_none());
        (sampling.is_some() || elicitation.is_some()).then_some(ClientTaskRequests { sampling, elicitation })
    });
    (list.is_some() || cancel.is_some() || requests.is_some()).then_some(ClientTasksCapability {
        list,
        cancel,
        requests,
    })
}

fn missing_extensions(declared: &Option<Extensions>, required: &Option<Extensions>) -> Option<Extensions> {
    let missing: Extensions = required
        .iter()
        .flat_map(Extensions::iter)
        .filter(|(id, _)| !declared.as_ref().is_some_and(|declared| declared.contains(id)))
        .map(|(id, settings)| (id.to_owned(), settings.clone()))
        .collect();
    (!missing.is_empty()).then_some(missing)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::ClientCapabilities;

    fn missing(declared: Value, required: Value) -> Value {
        let read = |value| serde_json::from_value::<ClientCapabilities>(value).unwrap();
        serde_json::to_value(read(declared).missing(&read(required))).unwrap()
    }

    #[test]
    fn nothing_is_missing_when_all_is_declared() {
        let all = json!({
            "experimental": {"x": {}}, "roots": {}, "sampling": {"tools": {}}, "elicitation": {"url": {}},
            "extensions": {"com.example/x": {}}
        });
        assert_eq!(missing(all.clone(), all.clone()), Value::Null);
        assert_eq!(missing(all, json!({})), Value::Null);
    }

    #[test]
    fn what_is_not_declared_comes_back_as_it_was_required() {
        assert_eq!(missing(json!({}), json!({"sampling": {}})), json!({"sampling": {}}));
        assert_eq!(
            missing(json!({"sampling": {}}), json!({"sampling": {"tools": {}}, "roots": {}})),
            json!({"sampling": {"tools": {}}, "roots": {}})
        );
        assert_eq!(
            missing(
                json!({"extensions": {"com.example/x": {"a": 1}}}),
                json!({"extensions": {"com.example/x": {}, "com.example/y": {"b": 2}}})
            ),
            json!({"extensions": {"com.example/y": {"b": 2}}})
        );
        assert_eq!(
            missing(
                json!({"tasks": {"list": {}}}),
                json!({"tasks": {"list": {}, "requests": {"sampling": {}}}})
            ),
            json!({"tasks": {"requests": {"sampling": {}}}})
        );
    }

    #[test]
    fn an_empty_elicitation_means_forms() {
        assert_eq!(missing(json!({"elicitation": {}}), json!({"elicitation": {"form": {}}})), Value::Null);
        assert_eq!(missing(json!({"elicitation": {"form": {}}}), json!({"elicitation": {}})), Value::Null);
        assert_eq!(
            missing(json!({"elicitation": {"url": {}}}), json!({"elicitation": {}})),
            json!({"elicitation": {"form": {}}})
        );
        assert_eq!(
            missing(json!({"elicitation": {}}), json!({"elicitation": {"form": {}, "url": {}}})),
            json!({"elicitation": {"url": {}}})
        );
    }

    #[test]
    fn a_boolean_stands_for_settings() {
        assert_eq!(
            missing(json!({"sampling": {"tools": true}}), json!({"sampling": {"tools": {}}})),
            Value::Null
        );
        assert_eq!(
            missing(json!({"sampling": {"tools": false}}), json!({"sampling": {"tools": {}}})),
            json!({"sampling": {"tools": {}}})
        );
    }
}
