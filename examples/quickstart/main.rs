//! What models are bad at and people keep asking for: counting words, converting units, days between dates.
//!
//! Try it:          `npx @modelcontextprotocol/inspector cargo run --example quickstart`
//! Claude Code:     `claude mcp add quickstart -- cargo run --manifest-path /path/to/Cargo.toml --example quickstart`
//! Claude Desktop:  Settings, Developer, Edit Config, with the path of `target/debug/examples/quickstart`:
//!                  `{ "mcpServers": { "quickstart": { "command": "/path/to/quickstart" } } }`
use toolwright::prelude::*;

/// How long a text is.
#[model]
struct Count {
    words: usize,
    characters: usize,
    lines: usize,
}

/// Count the words, characters and lines of a text.
#[tool(annotations(read_only))]
fn count_words(
    /** The text. */
    text: &str,
) -> Count {
    Count {
        words: text.split_whitespace().count(),
        characters: text.chars().count(),
        lines: text.lines().count(),
    }
}

#[model]
#[derive(Clone, Copy, Debug, PartialEq)]
enum Unit {
    Metre,
    Kilometre,
    Foot,
    Mile,
    Kilogram,
    Pound,
    Celsius,
    Fahrenheit,
}

impl Unit {
    const ALL: [Self; 8] = {
        use Unit::*;
        [Metre, Kilometre, Foot, Mile, Kilogram, Pound, Celsius, Fahrenheit]
    };

    /// What it measures, its size in the base unit of that, and where its zero lies.
    fn scale(self) -> (&'static str, f64, f64) {
        match self {
            Self::Metre => ("length", 1.0, 0.0),
            Self::Kilometre => ("length", 1000.0, 0.0),
            Self::Foot => ("length", 0.3048, 0.0),
            Self::Mile => ("length", 1609.344, 0.0),
            Self::Kilogram => ("mass", 1.0, 0.0),
            Self::Pound => ("mass", 0.453_592_37, 0.0),
            Self::Celsius => ("temperature", 1.0, 0.0),
            Self::Fahrenheit => ("temperature", 5.0 / 9.0, -160.0 / 9.0),
        }
    }
}

/// Convert a measurement from one unit to another.
#[tool(annotations(read_only))]
fn convert(value: f64, from: Unit, to: Unit) -> Result<f64, HandlerError> {
    let ((what, size, zero), (other, to_size, to_zero)) = (from.scale(), to.scale());
    if what != other {
        return Err(HandlerError::from(format!("{from:?} is a {what} and {to:?} is a {other}"))
            .hint("read units://all for what goes together"));
    }
    Ok((value * size + zero - to_zero) / to_size)
}

/// Count the days from one date to another; negative if the second is the earlier one.
#[tool(annotations(read_only))]
fn days_between(
    /// For example 2026-07-28.
    from: &str,
    /// For example 2026-12-24.
    to: &str,
) -> Result<i64, HandlerError> {
    Ok(day_number(to)? - day_number(from)?)
}

/// Days since a fixed day in the Gregorian calendar, counted in years that begin in March.
fn day_number(date: &str) -> Result<i64, HandlerError> {
    let parts: Vec<i64> = date.split('-').map(str::parse).collect::<Result<_, _>>().unwrap_or_default();
    let number = |year: i64, month: i64| {
        let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
        365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5
    };
    match parts[..] {
        [year @ 1..=9999, month @ 1..=12, day @ 1..=31]
            if number(year, month) + day <= number(year + month / 12, month % 12 + 1) =>
        {
            Ok(number(year, month) + day)
        }
        _ => Err(HandlerError::from(format!("`{date}` is no date")).hint("write YYYY-MM-DD")),
    }
}

/// The units that can be converted, by what they measure.
#[resource("units://all")]
fn units() -> serde_json::Value {
    let mut by_kind = json!({});
    for unit in Unit::ALL {
        match &mut by_kind[unit.scale().0] {
            serde_json::Value::Array(units) => units.push(json!(unit)),
            none => *none = json!([unit]),
        }
    }
    by_kind
}

/// Shorten a text to a number of words.
#[prompt]
fn shorten(
    /** The text. */
    text: &str,
    #[arg(default = 100)] words: u32,
) -> String {
    format!("Shorten this to {words} words, and check the result with the tool `count_words`:\n\n{text}")
}

fn server() -> toolwright::Result<Server> {
    Ok(Server::builder("quickstart")
        .instructions("Use these tools instead of guessing lengths, conversions and dates.")
        .tools(tools![count_words, convert, days_between])
        .resources(resources![units])
        .prompts(prompts![shorten])
        .build()?)
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    server()?.run().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolwright::testing::in_every_era;

    #[tokio::test]
    async fn it_counts_and_converts() -> toolwright::Result<()> {
        in_every_era(server()?, async |client| {
            let count =
                client.call("count_words", json!({ "text": "To be,\nor not" })).await?.data::<Count>()?;
            assert_eq!((count.words, count.characters, count.lines), (4, 13, 2));

            let boiling = json!({ "value": 212, "from": "Fahrenheit", "to": "Celsius" });
            let celsius: f64 = client.call("convert", boiling).await?.data()?;
            assert!((celsius - 100.0).abs() < 1e-9, "{celsius}");
            let heavy = json!({ "value": 1, "from": "Mile", "to": "Pound" });
            let error = client.call("convert", heavy).await.unwrap_err().to_string();
            assert!(error.contains("Mile is a length and Pound is a mass (read units://all"), "{error}");

            let leap = json!({ "from": "2024-02-29", "to": "2027-03-01" });
            assert_eq!(client.call("days_between", leap).await?.data::<i64>()?, 1096);
            for no_date in ["2026-02-29", "2026-12-32", "2026-1-1-1", "soon"] {
                assert!(day_number(no_date).is_err(), "{no_date}");
            }

            let prompt = client.prompt("shorten", json!({ "text": "Much ado." })).await?;
            assert!(json!(prompt).to_string().contains("to 100 words"));
            let units = json!(client.read("units://all").await?).to_string();
            assert!(units.contains(r#"\"mass\":[\"Kilogram\",\"Pound\"]"#), "{units}");
            Ok::<_, toolwright::Error>(())
        })
        .await;
        Ok(())
    }
}
