/// A Rust file, taken apart just far enough to tell code from what is not.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// From the root of the workspace.
    pub(super) path: String,
    /// The text with comments, the contents of literals, and test code blanked out, so that offsets and lines stay.
    pub(super) code: String,
    /// String literals outside test code: line and content, escapes as written.
    pub(super) strings: Vec<(usize, String)>,
    /// How many lines hold code.
    pub(super) code_lines: usize,
}

impl Source {
    pub(super) fn parse(path: &str, text: &str) -> Self {
        let mut lexer = Lexer::new(text);
        lexer.run();
        let Lexer { mut code, strings, .. } = lexer;
        let whole_file_is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
        let tests = if whole_file_is_test { vec![(0, code.len())] } else { test_items(&code) };
        let first_line = |offset: usize| line_at(&code, offset);
        let test_lines: Vec<_> =
            tests.iter().map(|&(start, end)| first_line(start)..=first_line(end.saturating_sub(1))).collect();
        let in_test = |line: usize| test_lines.iter().any(|lines| lines.contains(&line));
        let code_lines = code
            .lines()
            .enumerate()
            .filter(|(index, line)| !line.trim().is_empty() && !in_test(index + 1))
            .count();
        let strings = strings.into_iter().filter(|(line, _)| !in_test(*line)).collect();
        for (start, end) in tests {
            blank(&mut code, start, end);
        }
        // Only a mark for counting, which would look like a token to whoever searches the code.
        let code = code.replace(CONTENT, " ");
        Self { path: path.to_owned(), code, strings, code_lines }
    }

    /// The line of an offset into the code.
    pub(super) fn line(&self, offset: usize) -> usize {
        line_at(&self.code, offset)
    }
}

/// Stands for the content of literals, so that a line within a long string counts as code.
const CONTENT: char = '\u{1}';

fn line_at(code: &str, offset: usize) -> usize {
    code.as_bytes()[..offset].iter().filter(|&&byte| byte == b'\n').count() + 1
}

/// Overwrites all but line breaks. The text must be ASCII there, which the lexer sees to.
fn blank(code: &mut String, start: usize, end: usize) {
    let blanked: String =
        code[start..end].chars().map(|each| if each == '\n' { '\n' } else { ' ' }).collect();
    code.replace_range(start..end, &blanked);
}

/// Where items under `#[cfg(test)]` begin and end.
fn test_items(code: &str) -> Vec<(usize, usize)> {
    let mut items = Vec::new();
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let start = from + found;
        let end = item_end(code, start + "#[cfg(test)]".len());
        items.push((start, end));
        from = end;
    }
    items
}

/// The end of the item at `start`: its closing brace, or its semicolon if that comes first.
fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (index, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return index + 1;
                }
            }
            b';' if depth == 0 => return index + 1,
            _ => {}
        }
    }
    code.len()
}

struct Lexer<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    /// ASCII only: anything else is written as `?`, one for one.
    code: String,
    strings: Vec<(usize, String)>,
    line: usize,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            rest: text.chars().peekable(),
            code: String::with_capacity(text.len()),
            strings: Vec::new(),
            line: 1,
        }
    }

    fn run(&mut self) {
        while let Some(each) = self.rest.next() {
            match each {
                '/' if self.rest.peek() == Some(&'/') => self.line_comment(),
                '/' if self.rest.peek() == Some(&'*') => self.block_comment(),
                '"' => self.string(),
                'r' if !self.after_word() && self.raw_string_follows() => self.raw_string(),
                'b' | 'c' if !self.after_word() && self.rest.peek() == Some(&'r') => {
                    self.write(each);
                    let _ = self.rest.next();
                    if self.raw_string_follows() { self.raw_string() } else { self.write('r') }
                }
                '\'' => self.quote(),
                _ => self.write(each),
            }
        }
    }

    fn write(&mut self, each: char) {
        if each == '\n' {
            self.line += 1;
        }
        self.code.push(if each.is_ascii() { each } else { '?' });
    }

    /// Keeps line breaks only.
    fn skip(&mut self, each: char) {
        self.write(if each == '\n' { '\n' } else { ' ' });
    }

    /// Keeps line breaks, and a mark that something is there.
    fn content(&mut self, each: char) {
        self.write(if each == '\n' { '\n' } else { CONTENT });
    }

    fn after_word(&self) -> bool {
        self.code.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_' || last == '?')
    }

    fn line_comment(&mut self) {
        self.skip(' ');
        while let Some(each) = self.rest.next_if(|&each| each != '\n') {
            self.skip(each);
        }
    }

    fn block_comment(&mut self) {
        let (mut depth, mut before) = (0_usize, '/');
        self.skip(' ');
        while let Some(each) = self.rest.next() {
            self.skip(each);
            match (before, each) {
                ('/', '*') => (depth, before) = (depth + 1, ' '),
                ('*', '/') => (depth, before) = (depth.saturating_sub(1), ' '),
                _ => before = each,
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        let (line, mut text) = (self.line, String::new());
        self.write('"');
        while let Some(each) = self.rest.next() {
            if each == '"' {
                self.write('"');
                break;
            }
            self.content(each);
            text.push(each);
            if each == '\\'
                && let Some(escaped) = self.rest.next()
            {
                self.content(escaped);
                text.push(escaped);
            }
        }
        self.strings.push((line, text));
    }

    fn raw_string_follows(&self) -> bool {
        let mut ahead = self.rest.clone();
        while ahead.next_if_eq(&'#').is_some() {}
        ahead.next() == Some('"')
    }

    fn raw_string(&mut self) {
        let (line, mut text, mut hashes) = (self.line, String::new(), 0);
        self.write('r');
        while self.rest.next_if_eq(&'#').is_some() {
            self.write('#');
            hashes += 1;
        }
        let _ = self.rest.next();
        self.write('"');
        while let Some(each) = self.rest.next() {
            if each == '"' {
                let mut ahead = self.rest.clone();
                if (0..hashes).all(|_| ahead.next() == Some('#')) {
                    self.rest = ahead;
                    self.write('"');
                    (0..hashes).for_each(|_| self.write('#'));
                    break;
                }
            }
            self.content(each);
            text.push(each);
        }
        self.strings.push((line, text));
    }

    /// A character, or a lifetime.
    fn quote(&mut self) {
        self.write('\'');
        let mut ahead = self.rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('\\'), _) => {
                let _ = self.rest.next();
                self.content(' ');
                if let Some(escaped) = self.rest.next() {
                    self.content(escaped);
                }
                while let Some(each) = self.rest.next_if(|&each| each != '\'' && each != '\n') {
                    self.content(each);
                }
            }
            (Some(each), Some('\'')) => {
                let _ = self.rest.next();
                self.content(each);
            }
            _ => return,
        }
        if self.rest.next_if_eq(&'\'').is_some() {
            self.write('\'');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn parse(text: &str) -> Source {
        Source::parse("crates/x/src/lib.rs", text)
    }

    #[test]
    fn comments_and_blank_lines_are_no_code() {
        let source = parse("//! Docs.\n\n/// Docs.\n// Why.\n/* a\n /* b */\n c */\nfn f() {} // Why.\n\t\n");
        assert_eq!(source.code_lines, 1);
        assert_eq!(source.code.trim(), "fn f() {}");
    }

    #[test]
    fn what_looks_like_a_comment_in_a_literal_is_code() {
        let source = parse(
            "let a = \"//\"; let b = '\"'; let c = r#\"/* \"x\" */\"#;\nlet d: &'a str = \"\\\"//\";\nf();",
        );
        assert_eq!(source.code_lines, 3);
        assert_eq!(
            source.strings,
            [(1, "//".to_owned()), (1, "/* \"x\" */".to_owned()), (2, "\\\"//".to_owned())]
        );
        assert!(source.code.contains("f();"));
    }

    #[test]
    fn lines_within_a_string_are_code() {
        assert_eq!(parse("const A: &str = \"\none\n\ntwo\";").code_lines, 3);
        assert_eq!(parse("const A: &[u8] = br##\"\none\"#\n\"##;").code_lines, 3);
    }

    #[test]
    fn lifetimes_and_characters_are_told_apart() {
        let source =
            parse("fn f<'a>(x: &'a u8) -> char { match x { b'{' => '\\'', _ => '\\u{7d}' } }\n// no");
        assert_eq!(source.code_lines, 1);
        assert_eq!(source.code.matches('{').count(), source.code.matches('}').count());
    }

    #[test]
    fn test_items_are_left_out() {
        let source = parse(
            "use a;\n#[cfg(test)]\nuse b;\n#[cfg(test)]\nmod tests {\n    fn f() { \"}2026\"; }\n}\nfn g() {}\n",
        );
        assert_eq!(source.code_lines, 2);
        assert!(source.strings.is_empty());
        assert!(source.code.contains("fn g() {}") && !source.code.contains("mod tests"));
        assert_eq!(source.line(source.code.find("fn g").unwrap()), 8);
    }

    #[test]
    fn test_files_are_left_out() {
        assert_eq!(Source::parse("crates/x/src/a/tests.rs", "fn f() {}").code_lines, 0);
        assert_eq!(Source::parse("crates/x/src/tests/a.rs", "fn f() {}").code_lines, 0);
    }

    #[test]
    fn unfinished_text_is_read_to_its_end() {
        for text in ["\"open", "r#\"open", "/* open", "'", "'\\", "#[cfg(test)] mod x {", "b", "br", "é'é'é"]
        {
            parse(text);
        }
    }
}
