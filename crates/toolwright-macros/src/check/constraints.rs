use quote::ToTokens;
use syn::{Expr, Lit, UnOp};

use crate::{
    attr::{Arg, Bounds, Options, literal},
    diagnostics::{Errors, Message, Subject},
    parse::Function,
};

/// Rules of `#[arg]` that literals alone decide.
pub(crate) fn constraints(arg: &Arg, errors: &Errors) {
    for bounds in [&arg.range, &arg.length].into_iter().flatten() {
        ordered(bounds, errors);
    }
    if let Some(bounds) = &arg.length {
        for bound in [&bounds.range.start, &bounds.range.end].into_iter().flatten() {
            if number(bound).is_some_and(|number| number < 0.0 || number.fract() != 0.0) {
                errors.at(bound, Message::new("a length is a whole number").note("write `length(1..=80)`"));
            }
        }
    }
    if let Some((_, items)) = &arg.one_of {
        for (index, item) in items.iter().enumerate() {
            let text = item.to_token_stream().to_string();
            if items[..index].iter().any(|other| other.to_token_stream().to_string() == text) {
                errors.at(
                    item,
                    Message::new(format!("the value {text} is listed twice")).note("remove one of the two"),
                );
            }
        }
    }
    default(arg, errors);
    if let Some(pattern) = &arg.pattern
        && pattern.value().is_empty()
    {
        errors.at(pattern, Message::new("an empty pattern allows everything").note("remove `pattern`"));
    }
}

fn ordered(bounds: &Bounds, errors: &Errors) {
    let (Some(start), Some(end)) = (&bounds.range.start, &bounds.range.end) else { return };
    let (Some(low), Some(high)) = (number(start), number(end)) else { return };
    if low > high || (low == high && !bounds.inclusive()) {
        let text = bounds.range.to_token_stream().to_string().replace(' ', "");
        errors.at(
            &bounds.range,
            Message::new(format!("no value is in the range `{text}`")).note("write the smaller bound first"),
        );
    }
}

/// A default that the argument's own rules would refuse.
fn default(arg: &Arg, errors: &Errors) {
    let Some(value) = arg.default.as_ref().and_then(|default| default.value.as_ref()) else { return };
    if let (Some(bounds), Some(number)) = (&arg.range, number(value)) {
        let low = bounds.range.start.as_deref().and_then(self::number).is_some_and(|low| number < low);
        let high = bounds
            .range
            .end
            .as_deref()
            .and_then(self::number)
            .is_some_and(|high| number > high || (number == high && !bounds.inclusive()));
        if low || high {
            errors
                .at(value, Message::new("the default is outside of the range").note("change one of the two"));
        }
    }
    if let (Some((key, items)), Some(_)) = (&arg.one_of, literal(value)) {
        let text = value.to_token_stream().to_string();
        if items.iter().all(|item| item.to_token_stream().to_string() != text) {
            errors.at(
                value,
                Message::new(format!("the default is none of the values of `{key}`"))
                    .note("add it to them, or choose one of them"),
            );
        }
    }
    if let (Some(bounds), Some(Lit::Str(text))) = (&arg.length, literal(value)) {
        let length = text.value().chars().count() as f64;
        let low = bounds.range.start.as_deref().and_then(number).is_some_and(|low| length < low);
        let high = bounds
            .range
            .end
            .as_deref()
            .and_then(number)
            .is_some_and(|high| length > high || (length == high && !bounds.inclusive()));
        if low || high {
            errors.at(
                value,
                Message::new("the default does not have an allowed length").note("change one of the two"),
            );
        }
    }
}

/// The number that an expression is, if it is a literal with or without a minus.
fn number(expr: &Expr) -> Option<f64> {
    if let Expr::Unary(unary) = expr
        && matches!(unary.op, UnOp::Neg(_))
    {
        return number(&unary.expr).map(|number| -number);
    }
    match literal(expr)? {
        Lit::Int(number) => number.base10_parse().ok(),
        Lit::Float(number) => number.base10_parse().ok(),
        _ => None,
    }
}

/// `blocking` moves a plain function to a thread of its own; an async one must not block at all.
pub(crate) fn contradictory_blocking(
    function: &Function,
    options: &Options,
    subject: &Subject,
    errors: &Errors,
) {
    if let Some(key) = options.blocking.as_ref().filter(|_| function.is_async()) {
        errors.at(
            key,
            Message::new(format!("{subject} is both `async` and `blocking`"))
                .note("remove `async` if it blocks, remove `blocking` if it awaits"),
        );
    }
}
