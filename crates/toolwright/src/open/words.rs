/// Takes a command line apart as shells on Unix do, without doing anything that they do: blanks part words, quotes keep them
/// together, a backslash takes the next letter as it is (in double quotes only before `"`, `\`, `$` and a backquote).
pub(super) fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        Some('\'') => break,
                        Some(letter) => word.push(letter),
                        None => return Err("a single quote has no end".to_owned()),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        Some('"') => break,
                        Some('\\') => match letters.next() {
                            Some(letter @ ('"' | '\\' | '$' | '`')) => word.push(letter),
                            Some(letter) => word.extend(['\\', letter]),
                            None => return Err("a double quote has no end".to_owned()),
                        },
                        Some(letter) => word.push(letter),
                        None => return Err("a double quote has no end".to_owned()),
                    }
                }
            }
            // Paths on Windows are full of them.
            '\\' if !cfg!(windows) => match letters.next() {
                Some(letter) => word.get_or_insert_default().push(letter),
                None => return Err("nothing follows the last backslash".to_owned()),
            },
            letter if letter.is_whitespace() => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn blanks_part_words_and_quotes_keep_them() {
        assert_eq!(words("npx  -y\tserver ").unwrap(), ["npx", "-y", "server"]);
        assert_eq!(words(r#"a 'b c' "d e" f'g'"h" '' """#).unwrap(), ["a", "b c", "d e", "fgh", "", ""]);
        assert!(words(" \n").unwrap().is_empty());
    }

    #[test]
    #[cfg(not(windows))]
    fn a_backslash_takes_the_next_letter_as_it_is() {
        assert_eq!(words(r#"a\ b "c\"d\e" 'f\g' \'"#).unwrap(), ["a b", r#"c"d\e"#, r"f\g", "'"]);
    }

    #[test]
    fn nothing_is_expanded() {
        let expected = ["echo", "$HOME", "`id`", "*", "~", "|", "cat", ">", "x;", "y"];
        assert_eq!(words("echo $HOME `id` * ~ | cat > x; y").unwrap(), expected);
        assert_eq!(words("$(rm -rf /)").unwrap(), ["$(rm", "-rf", "/)"]);
    }

    #[test]
    fn what_has_no_end_is_an_error() {
        assert_eq!(words("a 'b").unwrap_err(), "a single quote has no end");
        assert_eq!(words("a \"b\\").unwrap_err(), "a double quote has no end");
    }
}
