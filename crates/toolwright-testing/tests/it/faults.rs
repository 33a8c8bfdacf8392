//! The checker finds handlers that a fault breaks, and only those.
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::json;
use toolwright_core::model::ElicitResult;
use toolwright_server::{Context, HandlerError, Server, ServerBuilder, Tool};
use toolwright_testing::{
    Effects, Script, WriteOnce,
    write_once::{Differences, Fault, Incident, Report, Setting},
};

fn serving<R>(act: impl Fn(Context) -> R + Clone + Send + Sync + 'static) -> ServerBuilder
where
    R: Future<Output = Result<String, HandlerError>> + Send + 'static,
{
    Server::builder("test").tool(Tool::new("act").handler(act))
}

/// Calls with two answers, in two rounds therefore.
async fn compare(faults: &[Fault], server: impl Fn(Effects) -> ServerBuilder) -> Result<Report, Differences> {
    let yes = || ElicitResult::accept([("value", true)]);
    WriteOnce::tool("act", json!({}))
        .answers(move || Script::new().elicit(yes()).elicit(yes()))
        .only([Setting::Fleet, Setting::FleetWithStore])
        .faults(faults)
        .compare(server)
        .await
}

/// Where it goes wrong, once for each.
fn where_wrong(differences: &Differences) -> Vec<(Setting, Fault, usize)> {
    let incident = |each: &Option<Incident>| each.expect("without faults nothing is wrong");
    let found: BTreeSet<_> = differences
        .all()
        .iter()
        .map(|each| (each.setting, incident(&each.incident).fault, incident(&each.incident).round))
        .collect();
    found.into_iter().collect()
}

/// Pays in a step, between two questions.
async fn careful(context: Context, effects: Effects) -> Result<String, HandlerError> {
    effects.at_least_once("look");
    context.confirm("Sure?").await?;
    context
        .once("pay", |key| async move {
            effects.once_for(key, "pay by key");
            tokio::task::yield_now().await;
            effects.exactly_once("pay");
            Ok::<_, HandlerError>(())
        })
        .await?;
    let mail = context.confirm("By mail?").await?;
    Ok(format!("mail: {mail}"))
}

#[tokio::test]
async fn each_fault_strikes_in_each_round_and_at_each_point_and_a_step_withstands_them() {
    let report = compare(Fault::ALL, |effects| serving(move |context| careful(context, effects.clone())))
        .await
        .unwrap_or_else(|differences| panic!("{differences}"));
    assert_eq!(report.runs().len(), 2);
    assert!(report.runs().iter().all(|run| run.incident().is_none()));
    for setting in [Setting::Fleet, Setting::FleetWithStore] {
        for fault in Fault::ALL {
            for round in [1, 2] {
                let points: Vec<_> = report
                    .disturbed()
                    .iter()
                    .filter(|run| run.setting() == setting)
                    .filter_map(|run| run.incident())
                    .filter(|incident| incident.fault == *fault && incident.round == round)
                    .map(|incident| incident.point)
                    .collect();
                let anywhere = matches!(fault, Fault::ReplicaKilled | Fault::ClientGone);
                assert_eq!(points.len() > 1, anywhere, "{setting} {fault} {round}: {points:?}");
                assert_eq!(points, (0..points.len()).collect::<Vec<_>>());
            }
        }
    }
    assert!(report.disturbed().iter().all(|run| run.text() == "mail: true" && run.effect("pay by key") == 1));
}

#[tokio::test]
async fn with_a_store_only_a_dead_replica_leaves_a_step_that_runs_again() {
    let report = compare(Fault::ALL, |effects| serving(move |context| careful(context, effects.clone())))
        .await
        .unwrap();
    let twice = |setting| -> BTreeSet<_> {
        let runs = report.disturbed().iter().filter(|run| run.setting() == setting && run.effect("pay") > 1);
        runs.filter_map(|run| run.incident()).map(|incident| (incident.fault, incident.round)).collect()
    };
    assert_eq!(twice(Setting::FleetWithStore), BTreeSet::from([(Fault::ReplicaKilled, 1)]));
    let without: BTreeSet<_> = [
        Fault::Doubled,
        Fault::Parallel,
        Fault::Late,
        Fault::ReplyLost,
        Fault::ReplicaKilled,
        Fault::ClientGone,
    ]
    .into_iter()
    .map(|fault| (fault, 1))
    .collect();
    assert!(without.is_subset(&twice(Setting::Fleet)), "{:?}", twice(Setting::Fleet));
}

#[tokio::test]
async fn an_effect_after_the_last_question_that_is_in_no_step_is_found() {
    let careless = |effects: Effects| {
        serving(move |context| {
            let effects = effects.clone();
            async move {
                context.confirm("Sure?").await?;
                context.confirm("Really?").await?;
                effects.exactly_once("pay");
                Ok(String::new())
            }
        })
    };
    assert!(compare(&[], careless).await.is_ok(), "as long as nothing goes wrong, it is paid once");
    let differences = compare(Fault::ALL, careless).await.unwrap_err();
    let wrong = where_wrong(&differences);
    assert_eq!(
        wrong,
        [(Setting::FleetWithStore, Fault::ReplicaKilled, 2), (Setting::FleetWithStore, Fault::ClientGone, 2),],
        "{differences}"
    );
    let text = differences.to_string();
    assert!(
        text.starts_with("modern on two servers with a store, replica killed in round 2 at point "),
        "{text}"
    );
    assert!(text.contains(": the effect `pay`\n  expected: once\n  got:      twice"), "{text}");
}

#[tokio::test]
async fn a_key_that_is_another_one_each_time_is_found() {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let own_key = |effects: Effects| {
        serving(move |context| {
            let effects = effects.clone();
            async move {
                context.confirm("Sure?").await?;
                let pay = |_key| async {
                    effects.once_for(NEXT.fetch_add(1, Ordering::SeqCst).to_string(), "pay");
                    Ok::<_, HandlerError>(())
                };
                context.once("pay", pay).await?;
                context.confirm("By mail?").await?;
                Ok(String::new())
            }
        })
    };
    let differences = compare(&[Fault::Doubled, Fault::KeyRotated], own_key).await.unwrap_err();
    assert_eq!(where_wrong(&differences), [(Setting::Fleet, Fault::Doubled, 1)], "{differences}");
    assert_eq!(
        differences.to_string(),
        "modern on two servers, request doubled in round 1: the effect `pay` with a key of its own\n  expected: once\n  got:      \
         twice"
    );
}

#[tokio::test]
async fn an_answer_from_the_memory_of_a_server_is_found_when_others_take_over() {
    let counting = |_: Effects| {
        let runs = Arc::new(AtomicUsize::new(0));
        serving(move |context| {
            let run = runs.fetch_add(1, Ordering::SeqCst);
            async move {
                context.confirm("Sure?").await?;
                context.confirm("Really?").await?;
                Ok(format!("{run}"))
            }
        })
    };
    let differences = compare(&[Fault::KeyRotated], counting).await.unwrap_err();
    assert!(differences.all().iter().any(|each| each.what == "the answer"), "{differences}");
}

#[tokio::test(start_paused = true)]
async fn a_paused_clock_does_not_run_ahead_of_a_replica_that_is_killed() {
    let slow = |effects: Effects| {
        serving(move |context| {
            let effects = effects.clone();
            async move {
                context.confirm("Sure?").await?;
                let slow = |_| async {
                    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                    effects.exactly_once("pay");
                    Ok::<_, HandlerError>(())
                };
                context.once("pay", slow).await?;
                context.confirm("Really?").await?;
                Ok(String::new())
            }
        })
    };
    let report = compare(&[Fault::ReplicaKilled, Fault::ClientGone, Fault::Parallel], slow).await;
    report.unwrap_or_else(|differences| panic!("{differences}"));
}
