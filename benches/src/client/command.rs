//! `toolwright-benches client`.
use std::error::Error;

use super::{
    asker::{Asker, Contender, Cost},
    setting::Setting,
};
use crate::{
    http::{Contender as Server, Running, Spread, build_rust},
    measure::{self, Subjects},
};

pub(crate) const USAGE: &str = "usage: toolwright-benches client [--quick]";

/// Measures ours against the official SDK's client and prints a table.
pub(crate) fn command(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let rounds = match arguments {
        [] => 7,
        [quick] if quick == "--quick" => 3,
        _ => return Err(USAGE.into()),
    };
    let subjects = Subjects::build()?;
    let ours = Contender { name: "toolwright", program: measure::client()? };
    let peer = Contender { name: "rmcp", program: build_rust("rmcp-client", "peer-rmcp-client")? };
    let server = Server::new("toolwright", subjects.http.clone());
    let server = Running::start(&server, &server.arguments(100, false))?;
    let url = format!("http://{}/mcp", server.address());
    let child = [subjects.subject.into_os_string(), "serve".into()];

    println!(
        "\n| `add` on the same server | CPU x | CPU us, ours | rmcp's | calls/s x |\n|---|---|---|---|---|"
    );
    for setting in Setting::ALL {
        let mut askers = [&ours, &peer]
            .into_iter()
            .enumerate()
            .map(|(index, contender)| Asker::start(contender, &setting.arguments(index == 0, &url, &child)));
        let mut next = || askers.next().unwrap_or_else(|| Err("two clients".into()));
        let (mut ours, mut peer) = (next()?, next()?);
        for asker in [&mut ours, &mut peer] {
            asker.call(setting.count / 10, setting.deep)?;
        }
        let mut costs = Vec::new();
        for _ in 0..rounds {
            costs.push((ours.call(setting.count, setting.deep)?, peer.call(setting.count, setting.deep)?));
        }
        println!("{}", row(setting, &costs));
    }
    Ok(())
}

/// Ratios of ours to the peer's in each round, so that what disturbs both cancels out.
fn row(setting: Setting, costs: &[(Cost, Cost)]) -> String {
    let spread = |figure: fn(&(Cost, Cost)) -> f64| Spread::of(costs.iter().map(figure));
    format!(
        "| {} | {} | {:.2} | {:.2} | {:.2} |",
        setting.name,
        spread(|(ours, peer)| ours.cpu / peer.cpu),
        spread(|(ours, _)| ours.cpu).median,
        spread(|(_, peer)| peer.cpu).median,
        spread(|(ours, peer)| peer.wall / ours.wall).median,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_compares_within_each_round() {
        let cost = |cpu, wall| Cost { cpu, wall };
        let costs = [(cost(1.0, 2.0), cost(2.0, 8.0)), (cost(3.0, 1.0), cost(4.0, 4.0))];
        let row = row(Setting::ALL[0], &costs);
        assert_eq!(row, "| in process | 0.75 [0.50-0.75] | 3.00 | 4.00 | 4.00 |");
    }
}
