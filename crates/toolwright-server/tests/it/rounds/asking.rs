use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use toolwright_core::joint::Limits;
use toolwright_server::{Context, HandlerError, Prompt, Resource, Server, Tool};

use super::{Caller, failure, keys, state, text, yes};
use crate::wire::Wire;

async fn row(context: &Context, key: &str) -> Result<bool, HandlerError> {
    context.elicit::<bool>(format!("Row {key}?")).key(key).await?.accepted()
}

/// Asks for `a`, then for `b`.
fn two_in_turn() -> Server {
    let tool = Tool::new("ask").handler(async |context: Context| {
        let (a, b) = (row(&context, "a").await?, row(&context, "b").await?);
        Ok::<_, HandlerError>(format!("{a} {b} in round {}", context.round()))
    });
    Server::builder("theatre").tool(tool).build().unwrap()
}

#[tokio::test]
async fn a_question_is_the_result_and_its_answer_comes_with_the_next_call() {
    let caller = Caller::tool(&two_in_turn(), "ask");
    let first = caller.start().await;
    assert_eq!(keys(&first), ["a"]);
    let question = &first["result"]["inputRequests"]["a"];
    assert_eq!(question["method"], "elicitation/create");
    assert_eq!(question["params"]["message"], "Row a?");
    assert_eq!(first["result"]["ttlMs"], Value::Null);

    let second = caller.again(&first, json!({ "a": yes(true) })).await;
    assert_eq!(keys(&second), ["b"]);
    assert_ne!(state(&first), state(&second));
    let third = caller.again(&second, json!({ "b": yes(false) })).await;
    assert_eq!(text(&third), "true false in round 2");
}

#[tokio::test]
async fn any_replica_with_the_same_keys_serves_the_next_round() {
    let keys = toolwright_server::StateKeys::random();
    let server = || {
        let tool = Tool::new("ask")
            .handler(async |context: Context| Ok::<_, HandlerError>(row(&context, "a").await?.to_string()));
        Server::builder("theatre").tool(tool).state_keys(keys.clone()).build().unwrap()
    };
    let asked = Caller::tool(&server(), "ask").start().await;
    let answer = Caller::tool(&server(), "ask").again(&asked, json!({ "a": yes(true) })).await;
    assert_eq!(text(&answer), "true");
}

#[tokio::test]
async fn questions_of_one_moment_are_asked_together() {
    let tool = Tool::new("ask").handler(async |context: Context| {
        let (a, b, roots) =
            tokio::try_join!(row(&context, "a"), row(&context, "b"), context.roots().key("roots"))?;
        Ok::<_, HandlerError>(format!("{a} {b} {}", roots.len()))
    });
    let server = Server::builder("theatre").tool(tool).build().unwrap();
    let caller = Caller::tool(&server, "ask");
    let asked = caller.start().await;
    assert_eq!(keys(&asked), ["a", "b", "roots"]);
    assert_eq!(asked["result"]["inputRequests"]["roots"], json!({ "method": "roots/list", "params": {} }));

    // What is not answered is asked again, and what was answered is not.
    let asked = caller.again(&asked, json!({ "b": yes(true) })).await;
    assert_eq!(keys(&asked), ["a", "roots"]);
    let answer = caller.again(&asked, json!({ "a": yes(false), "roots": { "roots": [] } })).await;
    assert_eq!(text(&answer), "false true 0");
}

#[tokio::test]
async fn prompts_and_resources_ask_in_the_same_way() {
    let prompt = Prompt::new("write").handler(async |context: Context| {
        Ok::<_, HandlerError>(format!("in verse: {}", row(&context, "verse").await?))
    });
    let resource = Resource::new("seats://free").handler(async |context: Context| {
        Ok::<_, HandlerError>(format!("balcony: {}", row(&context, "balcony").await?))
    });
    let server = Server::builder("theatre")
        .prompt(prompt)
        .resource(resource)
        .cache(toolwright_core::model::CacheHint::new(60_000, toolwright_core::model::CacheScope::Public))
        .build()
        .unwrap();

    let caller = Caller::new(&server, "prompts/get", json!({ "name": "write" }));
    let asked = caller.start().await;
    assert_eq!(keys(&asked), ["verse"]);
    let answer = caller.again(&asked, json!({ "verse": yes(true) })).await;
    assert_eq!(answer["result"]["messages"][0]["content"]["text"], "in verse: true");

    let caller = Caller::new(&server, "resources/read", json!({ "uri": "seats://free" }));
    let asked = caller.start().await;
    assert_eq!(keys(&asked), ["balcony"]);
    let answer = caller.again(&asked, json!({ "balcony": yes(true) })).await;
    assert_eq!(answer["result"]["contents"][0]["text"], "balcony: true");
    // A result that depends on answers is kept by nobody.
    assert_eq!((&answer["result"]["ttlMs"], &answer["result"]["cacheScope"]), (&json!(0), &json!("private")));
}

#[tokio::test]
async fn answers_are_heard_without_a_state_and_a_state_without_answers() {
    let caller = Caller::tool(&two_in_turn(), "ask");
    let asked = caller.send(json!({ "inputResponses": { "a": yes(true), "other": {} } })).await;
    assert_eq!(keys(&asked), ["b"]);
    let again = caller.send(json!({ "requestState": state(&asked) })).await;
    assert_eq!(keys(&again), ["b"]);
    let answer = caller.again(&again, json!({ "b": yes(true) })).await;
    assert_eq!(text(&answer), "true true in round 2");
}

#[tokio::test]
async fn answers_that_nobody_asked_for_are_ignored_and_missing_ones_asked_again() {
    let caller = Caller::tool(&two_in_turn(), "ask");
    let asked = caller.start().await;
    let again = caller.again(&asked, json!({ "c": yes(true) })).await;
    assert_eq!(keys(&again), ["a"]);
}

#[tokio::test]
async fn an_accepted_answer_is_final() {
    let caller = Caller::tool(&two_in_turn(), "ask");
    let asked = caller.start().await;
    let asked = caller.again(&asked, json!({ "a": yes(true) })).await;
    let answer = caller.again(&asked, json!({ "a": yes(false), "b": yes(true) })).await;
    assert_eq!(text(&answer), "true true in round 2");
}

#[tokio::test]
async fn malformed_answers_are_an_error_and_nothing_runs() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let tool = Tool::new("ask")
        .handler(move |_: Context| std::future::ready(counted.fetch_add(1, Ordering::SeqCst)));
    let server = Server::builder("theatre").tool(tool).build().unwrap();
    let caller = Caller::tool(&server, "ask");
    for malformed in [json!(null), json!([]), json!(7), json!("a"), json!({ "a": 7 }), json!({ "a": null })] {
        let answer = caller.send(json!({ "inputResponses": malformed })).await;
        assert_eq!(answer["error"]["code"], -32602, "{malformed}: {answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains("`params.inputResponses`"), "{answer}");
    }
    assert_eq!(runs.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn methods_that_cannot_ask_do_not_look_at_answers() {
    let caller = Caller::new(&two_in_turn(), "tools/list", json!({}));
    let answer = caller.send(json!({ "inputResponses": null, "requestState": 7 })).await;
    assert_eq!(answer["result"]["tools"][0]["name"], "ask");
}

#[tokio::test]
async fn older_revisions_do_not_know_these_members() {
    let tool = Tool::new("ask").handler(async |_: Context| "done");
    let server = Server::builder("theatre").tool(tool).build().unwrap();
    let wire = Wire::session(&server, "2025-11-25").await;
    let params = json!({ "name": "ask", "inputResponses": null, "requestState": 7 });
    let answer = wire.request("tools/call", params).await;
    assert_eq!(answer["result"]["content"][0]["text"], "done");
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_asked_for_again_a_few_times() {
    let caller = Caller::tool(&two_in_turn(), "ask");
    let mut asked = caller.start().await;
    for useless in [json!({ "action": "accept" }), json!({ "who": "me" })] {
        asked = caller.again(&asked, json!({ "a": useless })).await;
        assert_eq!(keys(&asked), ["a"]);
    }
    let answer =
        caller.again(&asked, json!({ "a": { "action": "accept", "content": { "value": "?" } } })).await;
    assert!(failure(&answer).starts_with("the client's answer cannot be used: `$.value`: "), "{answer}");
}

#[tokio::test]
async fn a_session_is_asked_again_for_an_answer_that_does_not_fit() {
    let wire = Wire::session_with(&two_in_turn(), "2025-11-25", json!({ "elicitation": {} })).await;
    let call = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": { "name": "ask" } });
    let running = tokio::spawn(wire.call(call.to_string()));
    let answers = [json!({ "action": "accept" }), yes(true), json!({ "action": "?" }), yes(false)];
    for (at, answer) in answers.into_iter().enumerate() {
        let question = wire.said.at_least(at + 1).await.remove(at);
        assert_eq!(question["params"]["message"], if at < 2 { "Row a?" } else { "Row b?" });
        wire.tell(json!({ "jsonrpc": "2.0", "id": question["id"], "result": answer })).await;
    }
    let answer: Value = serde_json::from_slice(&running.await.unwrap().body.unwrap()).unwrap();
    assert_eq!(answer["result"]["content"][0]["text"], "true false in round 0");
}

#[tokio::test]
async fn a_client_is_not_asked_for_what_it_did_not_declare() {
    let caller = Caller::tool(&two_in_turn(), "ask").capabilities(json!({ "sampling": {} }));
    let answer = caller.start().await;
    assert_eq!(answer["error"]["code"], -32021);
    assert_eq!(answer["error"]["data"], json!({ "requiredCapabilities": { "elicitation": { "form": {} } } }));
}

#[tokio::test]
async fn equal_questions_are_told_apart_and_those_of_nested_calls_have_their_path() {
    let inner = Tool::new("inner").handler(async |context: Context| row(&context, "a").await);
    let outer = Tool::new("outer").handler(async |context: Context| {
        let ((), (), one, other) = tokio::try_join!(
            async { row(&context, "a").await.map(drop) },
            async { context.confirm("Sure?").key("a").await.map(drop) },
            context.call_tool("inner", json!({})),
            context.call_tool("inner", json!({})),
        )?;
        Ok::<_, HandlerError>(json!([one.structured_content, other.structured_content]).to_string())
    });
    let server = Server::builder("theatre").tools([inner, outer]).build().unwrap();
    let caller = Caller::tool(&server, "outer");
    let asked = caller.start().await;
    assert_eq!(keys(&asked), ["a", "a-2", "tools/call:inner/a", "tools/call:inner/a-2"]);
    let answers = json!({
        "a": yes(true), "a-2": yes(true), "tools/call:inner/a": yes(true), "tools/call:inner/a-2": yes(false),
    });
    assert_eq!(text(&caller.again(&asked, answers).await), "[true,false]");
}

#[tokio::test]
async fn a_question_without_a_key_is_known_by_what_it_asks() {
    let tool = Tool::new("ask").handler(async |context: Context| context.confirm("Sure?").await);
    let server = Server::builder("theatre").tool(tool).build().unwrap();
    let caller = Caller::tool(&server, "ask");
    let (one, other) = (keys(&caller.start().await), keys(&caller.start().await));
    assert_eq!(one, other);
    assert!(one[0].starts_with("elicitation/create-"), "{one:?}");
}

#[tokio::test]
async fn questions_from_elsewhere_than_the_handler_itself_are_an_error_in_both_eras() {
    let spawned = Tool::new("spawned")
        .handler(async |context: Context| tokio::spawn(async move { row(&context, "a").await }).await?);
    let blocking = Tool::new("blocking").handler(async |context: Context| {
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || runtime.block_on(row(&context, "a"))).await?
    });
    let server = Server::builder("theatre").tools([spawned, blocking]).build().unwrap();
    for name in ["spawned", "blocking"] {
        let answer = Caller::tool(&server, name).start().await;
        assert!(failure(&answer).contains("not for a task that it spawned"), "{answer}");
        let wire = Wire::session_with(&server, "2025-11-25", json!({ "elicitation": {} })).await;
        let answer = wire.request("tools/call", json!({ "name": name })).await;
        assert!(failure(&answer).contains("not for a task that it spawned"), "{answer}");
    }
}

#[tokio::test]
async fn a_question_that_loses_a_race_is_an_error_in_both_eras() {
    let tool = Tool::new("ask").handler(async |context: Context| {
        tokio::select! {
            biased;
            a = row(&context, "a") => a,
            () = async {} => Ok(false),
        }
    });
    let server = Server::builder("theatre").tool(tool).build().unwrap();
    let answer = Caller::tool(&server, "ask").start().await;
    assert!(failure(&answer).starts_with("the question `a` was dropped before it was answered"), "{answer}");
    let wire = Wire::session_with(&server, "2025-11-25", json!({ "elicitation": {} })).await;
    let answer = wire.request("tools/call", json!({ "name": "ask" })).await;
    assert!(failure(&answer).starts_with("the question `a` was dropped before it was answered"), "{answer}");
}

#[tokio::test]
async fn a_handler_that_fails_while_it_asks_fails_with_its_own_error() {
    let tool = Tool::new("ask").handler(async |context: Context| {
        let broken = async { Err::<bool, _>(HandlerError::from("the box office is closed")) };
        let (a, ()) = tokio::try_join!(row(&context, "a"), async { broken.await.map(drop) })?;
        Ok::<_, HandlerError>(a)
    });
    let server = Server::builder("theatre").tool(tool).build().unwrap();
    assert_eq!(failure(&Caller::tool(&server, "ask").start().await), "the box office is closed");
}

#[tokio::test]
async fn what_else_is_pending_is_dropped_and_runs_again() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let tool = Tool::new("ask").handler(move |context: Context| {
        let counted = Arc::clone(&counted);
        async move {
            let fetch = async {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok::<_, HandlerError>(7)
            };
            let (a, fetched) = tokio::try_join!(row(&context, "a"), fetch)?;
            Ok::<_, HandlerError>(format!("{a} {fetched}"))
        }
    });
    let server = Server::builder("theatre").tool(tool).build().unwrap();
    let caller = Caller::tool(&server, "ask");
    let asked = caller.start().await;
    assert_eq!(text(&caller.again(&asked, json!({ "a": yes(true) })).await), "true 7");
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_handler_that_takes_another_way_is_told_where() {
    let runs = Arc::new(AtomicUsize::new(0));
    let way = move |context: Context| {
        let key = if runs.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) { "a" } else { "b" };
        async move { row(&context, key).await.map(|row| row.to_string()) }
    };
    let server = Server::builder("theatre")
        .tool(Tool::new("ask").handler(way.clone()))
        .prompt(Prompt::new("ask").handler(way))
        .build()
        .unwrap();
    let caller = Caller::tool(&server, "ask");
    let asked = caller.start().await;
    let answer = caller.again(&asked, json!({ "a": yes(true) })).await;
    assert!(failure(&answer).contains("it asks `b` and has not come to `a`"), "{answer}");

    let caller = Caller::new(&server, "prompts/get", json!({ "name": "ask" }));
    let asked = caller.start().await;
    let answer = caller.again(&asked, json!({ "a": yes(true) })).await;
    assert_eq!(answer["error"]["code"], -32603);
    assert!(answer["error"]["message"].as_str().unwrap().contains("it asks `b` and has not come to `a`"));
}

#[tokio::test]
async fn rounds_questions_and_state_have_bounds_that_say_whose_they_are() {
    let tool = |name: &'static str, questions: usize| {
        Tool::new(name).handler(move |context: Context| async move {
            let open = (0..questions).map(|n| {
                let context = context.clone();
                Box::pin(async move { row(&context, &n.to_string()).await })
            });
            let mut open: Vec<_> = open.collect();
            std::future::poll_fn(move |cx| {
                for question in &mut open {
                    if let std::task::Poll::Ready(Err(error)) = question.as_mut().poll(cx) {
                        return std::task::Poll::Ready(Err::<(), _>(error));
                    }
                }
                std::task::Poll::Pending
            })
            .await
        })
    };
    let in_turn = Tool::new("in_turn").handler(async |context: Context| {
        for n in 0..9 {
            row(&context, &n.to_string()).await?;
        }
        Ok::<_, HandlerError>(())
    });
    let long = Tool::new("long").handler(async |context: Context| {
        let text: String = context.elicit("Tell me").key("tale").await?.accepted()?;
        row(&context, "then").await?;
        Ok::<_, HandlerError>(text)
    });
    let server = Server::builder("theatre")
        .tools([tool("two", 2), tool("three", 3), in_turn, long])
        .limits(Limits::default().rounds(2).questions(2).state(2048))
        .build()
        .unwrap();
    assert_eq!(keys(&Caller::tool(&server, "two").start().await).len(), 2);
    let answer = Caller::tool(&server, "three").start().await;
    assert!(failure(&answer).contains("`Limits::questions`"), "{answer}");

    let caller = Caller::tool(&server, "in_turn");
    let asked = caller.start().await;
    let asked = caller.again(&asked, json!({ "0": yes(true) })).await;
    let answer = caller.again(&asked, json!({ "1": yes(true) })).await;
    assert!(failure(&answer).contains("`Limits::rounds`"), "{answer}");

    let caller = Caller::tool(&server, "long");
    let asked = caller.start().await;
    let tale = json!({ "tale": { "action": "accept", "content": { "value": "once".repeat(1000) } } });
    let answer = caller.again(&asked, tale).await;
    assert!(failure(&answer).contains("`Limits::state`"), "{answer}");
}

#[tokio::test]
async fn what_was_said_before_is_not_said_again() {
    let tool = Tool::new("ask").handler(async |context: Context| {
        context.info("started");
        context.progress(1, 3);
        row(&context, "a").await?;
        context.info("heard a");
        context.progress(2, 3);
        row(&context, "b").await?;
        context.info("heard b");
        context.progress(3, 3);
        Ok::<_, HandlerError>(())
    });
    let server = Server::builder("theatre").tool(tool).build().unwrap();
    let meta = json!({ "progressToken": "p", "io.modelcontextprotocol/logLevel": "info" });
    let caller = Caller::tool(&server, "ask").params(json!({ "name": "ask", "_meta": meta }));
    let said = |from: usize| {
        let said = caller.wire.said.all();
        said[from..]
            .iter()
            .map(|message| match &message["params"] {
                params if params["data"].is_string() => params["data"].as_str().unwrap().to_owned(),
                params => params["progress"].to_string(),
            })
            .collect::<Vec<_>>()
    };
    let asked = caller.start().await;
    assert_eq!(said(0), ["started", "1"]);
    let asked = caller.again(&asked, json!({ "a": yes(true) })).await;
    assert_eq!(said(2), ["heard a", "2"]);
    caller.again(&asked, json!({ "b": yes(true) })).await;
    assert_eq!(said(4), ["heard b", "3"]);
}

#[tokio::test]
async fn only_tools_prompts_and_resources_can_ask_stateless_clients() {
    let layer = async |call: toolwright_server::Call, next: toolwright_server::middleware::Next| {
        let consent = call.context().confirm("Sure?").await;
        let _ =
            consent.map_err(|error| assert!(error.to_string().contains("tools, prompts and resources only")));
        next.run(call).await
    };
    let tool = Tool::new("ask").handler(async |_: Context| ());
    let server = Server::builder("theatre").tool(tool).layer(layer).build().unwrap();
    let answer = Caller::new(&server, "tools/list", json!({})).start().await;
    assert_eq!(answer["result"]["resultType"], "complete");
}
