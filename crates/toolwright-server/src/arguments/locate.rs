//! From a position in JSON text to the path of the value there.
use super::check::Path;

/// The path of the innermost value that ends at or encloses a position, counted as `serde_json` does: lines from 1, and the
/// bytes of the line that were read.
pub(crate) fn path_at(json: &[u8], line: usize, column: usize) -> Option<String> {
    let start = match line.checked_sub(2) {
        None => 0,
        Some(breaks) => {
            json.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(breaks).map(|(at, _)| at + 1)?
        }
    };
    let mut scan = Scan { json, at: 0, target: start + column, found: None };
    scan.value(&Path::Root);
    scan.found
}

/// A walk over text that is known to be JSON.
struct Scan<'j> {
    json: &'j [u8],
    at: usize,
    target: usize,
    found: Option<String>,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn value(&mut self, path: &Path<'_>) {
        self.space();
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.members(path),
            Some(b'[') => self.items(path),
            Some(b'"') => {
                self.string();
            }
            _ => {
                let end = |byte: &u8| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
                let rest = self.json.get(start..).unwrap_or_default();
                self.at += rest.iter().position(end).unwrap_or(rest.len());
            }
        }
        if self.found.is_none() && start < self.target && self.target <= self.at {
            self.found = Some(path.to_string());
        }
    }

    fn string(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
        self.at = self.at.min(self.json.len());
        serde_json::from_slice(&self.json[start..self.at]).unwrap_or_default()
    }

    fn members(&mut self, path: &Path<'_>) {
        self.at += 1;
        loop {
            self.space();
            match self.peek() {
                Some(b'"') => {
                    let name = self.string();
                    self.space();
                    // The colon.
                    self.at += 1;
                    self.value(&path.member(&name));
                }
                Some(b',') => self.at += 1,
                _ => break,
            }
        }
        self.at = (self.at + 1).min(self.json.len());
    }

    fn items(&mut self, path: &Path<'_>) {
        self.at += 1;
        let mut index = 0;
        loop {
            self.space();
            match self.peek() {
                Some(b']') | None => break,
                Some(b',') => self.at += 1,
                Some(_) => {
                    let before = self.at;
                    self.value(&path.item(index));
                    index += 1;
                    if self.at == before {
                        break;
                    }
                }
            }
        }
        self.at = (self.at + 1).min(self.json.len());
    }
}

#[cfg(test)]
mod tests {
    use super::path_at;

    #[test]
    fn a_position_finds_the_innermost_value_around_it() {
        let json = b"{\"a\": [1, {\"b c\": \"x\\\"y\"}],\n \"d\": 17}";
        for (line, column, path) in
            [(1, 8, "$.a[0]"), (1, 24, "$.a[1][\"b c\"]"), (1, 25, "$.a[1]"), (2, 8, "$.d"), (2, 9, "$")]
        {
            assert_eq!(path_at(json, line, column).as_deref(), Some(path), "{line}:{column}");
        }
        assert_eq!(path_at(json, 9, 1), None);
    }

    #[test]
    fn text_that_is_no_json_ends_the_walk() {
        for json in ["", "{", "[", "{\"a\"", "[1,", "[}", "{\"a\\", "{,,,", "]"] {
            let _ = path_at(json.as_bytes(), 1, 3);
        }
    }
}
