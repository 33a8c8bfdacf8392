//! Two processes that share nothing, behind one client of the stateless revision.
use serde_json::{Value, json};

use super::{
    process::Process,
    socket::{Socket, call, modern, text},
};

/// All names of a list, each page from another process than the one before.
async fn names(replicas: &mut [Socket; 2], mut turn: usize) -> Vec<String> {
    let (mut names, mut params) = (Vec::new(), json!({}));
    loop {
        let answer = replicas[turn % 2].call(&modern(1, "tools/list", params)).await;
        let tools = answer["result"]["tools"].as_array().unwrap_or_else(|| panic!("{answer}"));
        assert!(tools.len() <= 3, "a page");
        names.extend(tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()));
        let Some(cursor) = answer["result"]["nextCursor"].as_str() else { return names };
        params = json!({ "cursor": cursor });
        turn += 1;
    }
}

#[tokio::test]
async fn requests_may_alternate_between_two_processes_and_the_death_of_one_loses_its_own_calls_only() {
    let (mut first, second) = (Process::start(), Process::start());
    let mut replicas = [first.connect().await, second.connect().await];

    let processes = [first.child.id(), second.child.id()].map(|id| id.to_string());
    for id in 0..20 {
        let replica = usize::try_from(id).unwrap() % 2;
        let answer = replicas[replica].call(&call(id, "process")).await;
        assert_eq!((&answer["id"], text(&answer)), (&json!(id), processes[replica].as_str()));
    }

    let all = names(&mut replicas, 0).await;
    assert_eq!(all.len(), 10);
    assert_eq!(names(&mut replicas, 1).await, all, "cursors mean the same everywhere");
    let discovered: Vec<Value> = [
        replicas[0].call(&modern(1, "server/discover", json!({}))).await,
        replicas[1].call(&modern(1, "server/discover", json!({}))).await,
    ]
    .into();
    assert_eq!(discovered[0], discovered[1]);

    let mut lost = first.connect().await;
    lost.post(&call(1, "hold")).await;
    first.called(1);
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    assert!(lost.is_closed().await && replicas[0].is_closed().await);
    assert_eq!(text(&replicas[1].call(&call(2, "process")).await), processes[1]);
    let mut survivors = [second.connect().await, second.connect().await];
    assert_eq!(names(&mut survivors, 0).await, all);
    drop(survivors);
    let Process { mut child, .. } = second;
    child.kill().unwrap();
    child.wait().unwrap();
}
