use toolwright::{
    client::EraChoice,
    core::era::Revision,
    prelude::serde_json::{self, Map, Value},
};

pub(crate) const USAGE: &str = "usage: client <target> [list | call NAME [JSON] | read URI | prompt NAME [JSON] | listen] \
                                [--era auto|modern|legacy|REVISION]";

/// What the command line asks for.
pub(crate) struct Arguments {
    pub(crate) target: String,
    pub(crate) command: Command,
    pub(crate) era: EraChoice,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    List,
    Call(String, Map<String, Value>),
    Read(String),
    Prompt(String, Map<String, Value>),
    Listen,
}

impl Arguments {
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = Vec::new();
        let mut era = EraChoice::Auto;
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            if argument == "--era" {
                era = read_era(&arguments.next().ok_or("`--era` needs a value")?)?;
            } else {
                words.push(argument);
            }
        }
        let mut words = words.into_iter();
        let target = words.next().ok_or("there is no target")?;
        let mut next = |what: &str| words.next().ok_or_else(|| format!("{what} is missing"));
        let command = match next("").as_deref().unwrap_or("list") {
            "list" => Command::List,
            "call" => Command::Call(next("the name of the tool")?, read_object(next("").ok())?),
            "read" => Command::Read(next("the URI")?),
            "prompt" => Command::Prompt(next("the name of the prompt")?, read_object(next("").ok())?),
            "listen" => Command::Listen,
            other => return Err(format!("there is no command `{other}`")),
        };
        match words.next() {
            Some(word) => Err(format!("`{word}` is one word too many; quote command lines and JSON")),
            None => Ok(Self { target, command, era }),
        }
    }
}

fn read_era(text: &str) -> Result<EraChoice, String> {
    Ok(match text {
        "auto" => EraChoice::Auto,
        "modern" => EraChoice::Modern,
        "legacy" => EraChoice::Legacy,
        other => other.parse::<Revision>().map_err(|error| format!("`{other}`: {error}"))?.into(),
    })
}

fn read_object(text: Option<String>) -> Result<Map<String, Value>, String> {
    text.map_or_else(
        || Ok(Map::new()),
        |text| {
            serde_json::from_str(&text).map_err(|error| format!("the arguments are no JSON object: {error}"))
        },
    )
}
