use serde::Deserialize;

use crate::message::Speech;

/// The members of an answer to `add` that show that it is right.
#[derive(Deserialize)]
struct Sum {
    id: u64,
    result: SumResult,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SumResult {
    structured_content: Structured,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Structured {
    Plain(i64),
    Wrapped { result: i64 },
}

/// Reads the id and the sum out of an answer to `add`.
///
/// # Errors
/// When it is none.
pub fn read_sum(speech: Speech, line: &[u8]) -> Result<(u64, i64), Box<dyn std::error::Error>> {
    let Sum { id, result } = serde_json::from_slice(line)
        .map_err(|error| format!("{error} in {}", String::from_utf8_lossy(line)))?;
    match (speech, result.structured_content) {
        (Speech::Modern, Structured::Plain(sum)) | (Speech::Legacy, Structured::Wrapped { result: sum }) => {
            Ok((id, sum))
        }
        _ => Err(format!("not wrapped as it should be: {}", String::from_utf8_lossy(line)).into()),
    }
}
