use toolwright_server::Error;

/// What the environment says about HTTP.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Wishes {
    pub(super) path: Option<String>,
    pub(super) hosts: Option<Vec<String>>,
    pub(super) origins: Option<Vec<String>>,
}

impl Wishes {
    pub(super) fn read(environment: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let list = |name| environment(name).map(|value| items(&value));
        let path = environment("TOOLWRIGHT_PATH");
        if let Some(path) = path.as_deref().filter(|path| !is_path(path)) {
            return Err(Error::Usage(format!(
                "`TOOLWRIGHT_PATH` is `{path}`; expected a path such as `/mcp`, without `?`, `#`, spaces and braces"
            )));
        }
        Ok(Self {
            path,
            hosts: list("TOOLWRIGHT_ALLOWED_HOSTS"),
            origins: list("TOOLWRIGHT_ALLOWED_ORIGINS"),
        })
    }
}

fn is_path(path: &str) -> bool {
    path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#{}*".contains(&byte))
}

fn items(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::Wishes;

    fn read(variables: &[(&str, &str)]) -> Result<Wishes, String> {
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into());
        Wishes::read(variable).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_said_is_no_wish() {
        assert_eq!(read(&[]), Ok(Wishes::default()));
    }

    #[test]
    fn lists_have_commas() {
        let wishes = read(&[("TOOLWRIGHT_ALLOWED_HOSTS", "mcp.example.org, localhost:8000,")]).unwrap();
        assert_eq!(wishes.hosts.unwrap(), ["mcp.example.org", "localhost:8000"]);
        let wishes = read(&[("TOOLWRIGHT_ALLOWED_ORIGINS", "https://example.org")]).unwrap();
        assert_eq!(wishes.origins.unwrap(), ["https://example.org"]);
    }

    #[test]
    fn a_path_begins_with_a_slash() {
        assert_eq!(read(&[("TOOLWRIGHT_PATH", "/v1/mcp")]).unwrap().path.as_deref(), Some("/v1/mcp"));
        for wrong in ["mcp", "http://x/mcp", "/a b", "/{a}", "/a?b"] {
            let error = read(&[("TOOLWRIGHT_PATH", wrong)]).unwrap_err();
            assert!(
                error.starts_with(&format!("`TOOLWRIGHT_PATH` is `{wrong}`; expected a path")),
                "{error}"
            );
        }
    }
}
