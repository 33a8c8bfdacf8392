/// Puts variables into a text: `${NAME}`, `${env:NAME}` and `${NAME:-default}`, as hosts do. What is put in is not expanded again.
pub(super) fn expand(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        expanded.push_str(&rest[..start]);
        let inner = &rest[start + 2..];
        let Some(end) = inner.find('}') else {
            return Err("has a `${` without its `}`".to_owned());
        };
        let (name, default) = match inner[..end].split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (&inner[..end], None),
        };
        let name = name.strip_prefix("env:").unwrap_or(name);
        if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            return Err(format!("has `${{{}}}`, which names no environment variable", &inner[..end]));
        }
        match (lookup(name), default) {
            (Some(value), _) if !value.is_empty() || default.is_none() => expanded.push_str(&value),
            (_, Some(default)) => expanded.push_str(default),
            _ => {
                return Err(format!(
                    "needs the environment variable `{name}`, which is not set; set it, or write `${{{name}:-default}}`"
                ));
            }
        }
        rest = &inner[end + 1..];
    }
    expanded.push_str(rest);
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::expand;

    fn expanded(text: &str) -> Result<String, String> {
        expand(text, &|name| match name {
            "KEY" => Some("k${HOME}".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        })
    }

    #[test]
    fn variables_are_put_in_once() {
        assert_eq!(expanded("a ${KEY} ${env:KEY}$KEY $").unwrap(), "a k${HOME} k${HOME}$KEY $");
        assert_eq!(expanded("${NONE:-x y}${NONE:-}${EMPTY:-z}${EMPTY}${KEY:-no}").unwrap(), "x yzk${HOME}");
    }

    #[test]
    fn what_is_not_set_is_an_error_that_names_it() {
        assert!(expanded("${NONE}").unwrap_err().starts_with("needs the environment variable `NONE`"));
        assert_eq!(
            expanded("${input:key}").unwrap_err(),
            "has `${input:key}`, which names no environment variable"
        );
        assert_eq!(expanded("${KEY").unwrap_err(), "has a `${` without its `}`");
    }
}
