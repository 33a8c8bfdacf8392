//! Of several schemas that a value may fit, the one that it was meant for.
use serde_json::Value;

use super::{Checker, Found, Mistake, Path, allowed, describe, expected, shown};

/// The branches of `anyOf` or `oneOf`. Derived branches exclude each other or are tried in turn, so one that fits is enough.
pub(crate) fn branches(schema: &Value) -> Option<&[Value]> {
    ["anyOf", "oneOf"].into_iter().find_map(|keyword| schema.get(keyword)?.as_array().map(Vec::as_slice))
}

/// The only member of an object that wraps one variant of an enum: `{"Circle": ..}`.
pub(super) fn only_member(schema: &Value) -> Option<&str> {
    let members = schema.get("properties")?.as_object()?;
    let required = schema.get("required")?.as_array()?;
    match (members.keys().next(), members.len(), required.as_slice()) {
        (Some(name), 1, [only]) if only == name.as_str() && allowed(&members[name]).is_none() => Some(name),
        _ => None,
    }
}

/// The member that tells the objects among several schemas apart.
pub(super) fn tag<'a>(branches: &[&'a Value]) -> Option<&'a str> {
    let objects = || branches.iter().filter(|branch| branch.get("properties").is_some());
    let first = objects().next()?.get("properties")?.as_object()?;
    first
        .keys()
        .find(|name| objects().all(|branch| tag_value(branch, name).is_some()))
        .map(String::as_str)
        .filter(|_| objects().count() > 1)
}

/// The value of `tag` that an object must have to be this variant.
pub(super) fn tag_value<'a>(schema: &'a Value, tag: &str) -> Option<&'a Value> {
    allowed(schema.get("properties")?.get(tag)?)?.next()
}

impl Checker<'_> {
    pub(super) fn union(
        &self,
        schema: &Value,
        branches: &[Value],
        value: &Value,
        path: &Path<'_>,
        found: &mut Found,
    ) {
        if branches.iter().any(|branch| self.accepts(branch, value)) {
            return;
        }
        if !found.wants_texts() {
            return found.add(path, String::new);
        }
        let branches: Vec<&Value> = branches.iter().map(|branch| self.resolve(branch)).collect();
        if let Some(tag) = tag(&branches)
            && value.is_object()
        {
            return self.tagged(&branches, tag, value, path, found);
        }
        let meant: Vec<&&Value> = branches
            .iter()
            .filter(|branch| self.admits(branch, value))
            .filter(|branch| allowed(branch).is_none())
            .collect();
        let wrapping =
            meant.iter().find(|branch| only_member(branch).is_some_and(|name| value.get(name).is_some()));
        match (wrapping, meant.as_slice()) {
            (Some(branch), _) => self.visit(branch, value, path, found),
            (None, [branch]) if only_member(branch).is_none() => self.visit(branch, value, path, found),
            _ => match self.nearest(&meant, value, path) {
                Some(mistakes) => found.extend(mistakes),
                None => {
                    found.add(path, || format!("expected {}, got {}", expected(self, schema), shown(value)))
                }
            },
        }
    }

    fn tagged(&self, branches: &[&Value], tag: &str, value: &Value, path: &Path<'_>, found: &mut Found) {
        let given = value.get(tag);
        let meant: Vec<&&Value> =
            branches.iter().filter(|branch| given.is_some() && tag_value(branch, tag) == given).collect();
        match meant.as_slice() {
            [] => {
                let mut tags: Vec<_> =
                    branches.iter().filter_map(|branch| tag_value(branch, tag)).map(shown).collect();
                tags.dedup();
                let tags = describe::one_of(&tags);
                let text = match given {
                    Some(given) => format!("expected {tags}, got {}", shown(given)),
                    None => format!("missing, expected {tags}"),
                };
                found.add(&path.member(tag), || text);
            }
            [branch] => self.visit(branch, value, path, found),
            // Equal tags: the mistakes of any of them are better than none.
            several => match self.nearest(several, value, path) {
                Some(mistakes) => found.extend(mistakes),
                None => self.visit(several[0], value, path, found),
            },
        }
    }

    /// The mistakes of the branch that `value` comes closest to, if one is closer than the others.
    fn nearest(&self, branches: &[&&Value], value: &Value, path: &Path<'_>) -> Option<Vec<Mistake>> {
        if !(value.is_object() || value.is_array()) {
            return None;
        }
        let mut all: Vec<Vec<Mistake>> = branches
            .iter()
            .filter(|branch| only_member(branch).is_none())
            .map(|branch| {
                let mut found = Found::list();
                self.visit(branch, value, path, &mut found);
                found.into_mistakes()
            })
            .filter(|mistakes| !mistakes.is_empty())
            .collect();
        all.sort_by_key(Vec::len);
        match all.as_slice() {
            [first, second, ..] if first.len() == second.len() => None,
            _ => all.into_iter().next(),
        }
    }
}
