use crate::{
    attr::Address,
    diagnostics::{Errors, Message, Subject},
    parse::{Force, Parameter},
};

/// Checks that each variable of the template has its parameter, and each argument its variable.
///
/// A parameter that no variable is named after may be an extractor, or `Args` with all variables; only the compiler knows types.
/// While there is one of those, a variable without a parameter is left to the compiler: the names of such variables are returned.
pub(crate) fn template(
    address: &Address,
    parameters: &[Parameter],
    subject: &Subject,
    errors: &Errors,
) -> Vec<String> {
    let is_variable = |parameter: &Parameter| {
        parameter.name.as_ref().is_some_and(|name| address.variables.contains(&name.text))
    };
    for parameter in parameters.iter().filter(|parameter| parameter.force == Some(Force::Argument)) {
        if !is_variable(parameter) && parameter.name.is_some() {
            errors.at_span(parameter.span(), no_variable(address, parameter, subject));
        }
    }
    for parameter in parameters.iter().filter(|parameter| parameter.force == Some(Force::Extractor)) {
        if is_variable(parameter) {
            errors.at_span(
                parameter.span(),
                Message::new(format!(
                    "parameter {} of {subject} is `#[extract]`, and its name is a variable's",
                    parameter.label()
                ))
                .note("give it another name"),
            );
        }
    }
    let missing: Vec<String> = address
        .variables
        .iter()
        .filter(|variable| {
            !parameters
                .iter()
                .any(|parameter| parameter.name.as_ref().is_some_and(|name| name.text == **variable))
        })
        .cloned()
        .collect();
    let open = parameters.iter().any(|parameter| !is_variable(parameter) && parameter.force.is_none());
    if missing.is_empty() || open {
        return missing;
    }
    for variable in missing {
        errors.at(&address.text, missing_parameter(&variable, subject));
    }
    Vec::new()
}

pub(crate) fn missing_parameter(variable: &str, subject: &Subject) -> Message {
    Message::new(format!("{subject} has no parameter for the variable `{variable}` of its template"))
        .note(format!("add one such as `{variable}: &str`"))
}

fn no_variable(address: &Address, parameter: &Parameter, subject: &Subject) -> Message {
    let text = format!("parameter {} of {subject} is no variable of its address", parameter.label());
    let note = match address.is_template() {
        true => {
            let known: Vec<_> = address.variables.iter().map(|variable| format!("`{variable}`")).collect();
            format!("the variables of `{}` are {}", address.text.value(), known.join(", "))
        }
        false => {
            format!("`{}` is a fixed URI; a template has variables such as `{{id}}`", address.text.value())
        }
    };
    Message::new(text).note(note)
}
