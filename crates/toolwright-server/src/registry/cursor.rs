use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use toolwright_core::jsonrpc::RpcError;

/// Where a page of a list starts: after the component with this address.
///
/// It names a component instead of counting, so that every replica understands it and nothing is skipped or repeated when others
/// come or go. Its position is for when that very component went away: the next one then stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    #[serde(rename = "k")]
    after: String,
    #[serde(rename = "i")]
    position: usize,
}

impl Cursor {
    pub(crate) fn after(address: &str, position: usize) -> Self {
        Self { after: address.to_owned(), position }
    }

    pub(crate) fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).expect("a string and a number can always be written"))
    }

    pub(crate) fn decode(text: &str) -> Result<Self, RpcError> {
        URL_SAFE_NO_PAD.decode(text).ok().and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(
            || RpcError::invalid_params("`params.cursor` is none of this server's; start again without one"),
        )
    }

    /// The index of the first item of the page.
    pub(crate) fn start<'a>(&self, addresses: impl Iterator<Item = &'a str>) -> usize {
        let mut count = 0;
        for (index, address) in addresses.enumerate() {
            if address == self.after {
                return index + 1;
            }
            count = index + 1;
        }
        self.position.min(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_starts_after_its_component_wherever_that_moved() {
        let cursor = Cursor::decode(&Cursor::after("b", 1).encode()).unwrap();
        assert_eq!(cursor.start(["a", "b", "c"].into_iter()), 2);
        assert_eq!(cursor.start(["x", "a", "b", "c"].into_iter()), 3);
        assert_eq!(
            cursor.start(["a", "c"].into_iter()),
            1,
            "its component went away, so the next one is first"
        );
        assert!(Cursor::decode("nonsense").is_err());
    }
}
