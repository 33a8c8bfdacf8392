//! A weather station: the temperature changes while clients listen, and a warning is listed only as long as it freezes.
//! Clients need not ask again and again: they subscribe, and hear when there is something to read.
//!
//! `cargo run --example subscriptions`, or with `-- --http 127.0.0.1:8000` for clients over HTTP.
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use toolwright::{component::ComponentKey, component::Kind, prelude::*};

const NOW: &str = "weather://now";
const WARNING: &str = "weather://warning";

#[derive(Default)]
struct Thermometer {
    celsius: AtomicI64,
}

/// What is measured at one time.
#[model]
#[derive(Debug, PartialEq)]
struct Weather {
    /// Degrees Celsius.
    temperature: i64,
}

/// The weather now.
#[resource("weather://now")]
fn now(thermometer: State<Arc<Thermometer>>) -> Weather {
    Weather { temperature: thermometer.celsius.load(Ordering::Relaxed) }
}

/// What to do about the frost.
#[resource("weather://warning", mime = "text/plain")]
fn warning() -> &'static str {
    "It freezes: drain the garden pipes."
}

struct Station {
    thermometer: Arc<Thermometer>,
    server: Server,
}

impl Station {
    fn new() -> toolwright::Result<Self> {
        let thermometer = Arc::new(Thermometer::default());
        let server =
            Server::builder("weather").state(thermometer.clone()).resources(resources![now]).build()?;
        Ok(Self { thermometer, server })
    }

    /// Takes over what was measured. Clients hear of it if it is news, wherever they are connected.
    fn measured(&self, celsius: i64) -> toolwright::Result<()> {
        let before = self.thermometer.celsius.swap(celsius, Ordering::Relaxed);
        if before != celsius {
            self.server.notifier().resource_updated(NOW);
        }
        match (before < 0, celsius < 0) {
            (false, true) => {
                let [warning] = resources![warning];
                self.server.add_resource(warning)?;
            }
            (true, false) => {
                self.server.remove(&ComponentKey::new(Kind::Resource, WARNING));
            }
            _ => {}
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    let station = Station::new()?;
    let server = station.server.clone();
    tokio::spawn(async move {
        for celsius in (-3..9).chain((-2..10).rev()).cycle() {
            tokio::time::sleep(Duration::from_secs(5)).await;
            station.measured(celsius)?;
        }
        Ok::<_, toolwright::Error>(())
    });
    server.run().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolwright::{client::Change, core::model::SubscriptionFilter, testing::in_every_era};

    #[tokio::test]
    async fn who_listens_hears_of_each_change() -> toolwright::Result<()> {
        let station = Station::new()?;
        in_every_era(station.server.clone(), async |client| {
            let weather = async || {
                Ok::<_, toolwright::Error>(json!(client.read(NOW).await?.contents)[0]["text"].clone())
            };
            let mut changes = client.listen(SubscriptionFilter::new().resource_subscriptions([NOW])).await?;

            station.measured(7)?;
            assert_eq!(changes.next().await?, Some(Change::Resource(NOW.into())));
            assert_eq!(weather().await?, r#"{"temperature":7}"#);
            station.measured(7)?;
            station.measured(8)?;
            assert_eq!(
                changes.next().await?,
                Some(Change::Resource(NOW.into())),
                "the same again is no news"
            );
            assert_eq!(weather().await?, r#"{"temperature":8}"#);
            Ok::<_, toolwright::Error>(())
        })
        .await;
        Ok(())
    }

    #[tokio::test]
    async fn the_warning_is_listed_while_it_freezes() -> toolwright::Result<()> {
        let station = Station::new()?;
        in_every_era(station.server.clone(), async |client| {
            let mut changes = client.listen(SubscriptionFilter::new().resources_list_changed(true)).await?;
            assert!(client.read(WARNING).await.unwrap_err().is_not_found());

            station.measured(-1)?;
            assert_eq!(changes.next().await?, Some(Change::Resources));
            let uris: Vec<_> = client.resources().await?.into_iter().map(|resource| resource.uri).collect();
            assert_eq!(uris, [NOW, WARNING]);
            assert!(client.read(WARNING).await.is_ok());

            station.measured(1)?;
            assert_eq!(changes.next().await?, Some(Change::Resources));
            assert_eq!(client.resources().await?.len(), 1);
            Ok::<_, toolwright::Error>(())
        })
        .await;
        Ok(())
    }
}
