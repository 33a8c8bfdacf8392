//! Everything that can go wrong with each round of an order, by the checker.
use std::collections::BTreeSet;

use toolwright::{
    prelude::*,
    testing::{
        Script, WriteOnce,
        write_once::{Fault, Report, Setting},
    },
};

use super::{super::value, shop::Shop};

async fn ordered(faults: &[Fault]) -> Report {
    WriteOnce::tool("order", json!({ "what": "tea" }))
        .answers(|| Script::new().elicit(value("Ada")).elicit(value(true)))
        .faults(faults)
        .check(|effects| Shop { effects, ..Shop::new() }.builder())
        .await
}

#[tokio::test]
async fn an_order_withstands_every_fault_and_the_bank_sees_one_key() {
    let report = ordered(Fault::ALL).await;
    assert_eq!(report.text(), "tea for Ada, receipt 1, gift: true");
    let struck: BTreeSet<_> = report
        .disturbed()
        .iter()
        .filter_map(|run| run.incident().map(|incident| (run.setting(), incident.fault, incident.round)))
        .collect();
    assert_eq!(struck.len(), 2 * Fault::ALL.len() * 2, "two fleets, each fault, two rounds");
    for run in report.disturbed() {
        assert_eq!(["reserve", "charge by key"].map(|effect| run.effect(effect)), [1, 1]);
    }
}

#[tokio::test]
async fn with_a_store_nothing_is_done_twice_as_long_as_no_replica_dies() {
    let faults: Vec<_> = Fault::ALL.iter().copied().filter(|fault| *fault != Fault::ReplicaKilled).collect();
    let report = ordered(&faults).await;
    for run in report.disturbed().iter().filter(|run| run.setting() == Setting::FleetWithStore) {
        assert_eq!(["reserve", "charge", "ship"].map(|effect| run.effect(effect)), [1, 1, 1]);
        assert_eq!(run.text(), "tea for Ada, receipt 1, gift: true");
    }
}
