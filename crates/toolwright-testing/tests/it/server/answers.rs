use toolwright_client::{Client, ClientError, Refusal};
use toolwright_core::{
    era::Revision,
    model::{CreateMessageResult, ElicitResult, Root, SamplingContent},
};
use toolwright_testing::{Asked, Eras, Script};

use super::fixture::server;

fn script() -> Script {
    Script::new()
        .elicit(ElicitResult::accept([("value", true)]))
        .sample(CreateMessageResult::new("model", SamplingContent::text("something")))
        .roots([Root::new("file:///a"), Root::new("file:///b")])
}

#[tokio::test]
async fn a_session_answers_what_a_handler_asks() {
    for revision in [Revision::V2025_06_18, Revision::V2025_11_25] {
        let script = script();
        let client = script.install(Client::builder().era(revision)).connect(server()).await.unwrap();
        let outcome = client.call("ask", ()).await.unwrap();
        assert_eq!(outcome.text(), "true\nsomething\n2");
        script.finish();
        assert!(matches!(&script.asked()[..], [Asked::Form(_), Asked::Sample(_), Asked::Roots]));
    }
}

#[tokio::test]
async fn a_refusal_reaches_the_handler() {
    let script = Script::new()
        .elicit(ElicitResult::decline())
        .refuse_sample(Refusal::new("the user said no"))
        .roots([]);
    let client =
        script.install(Client::builder().era(Revision::V2025_11_25)).connect(server()).await.unwrap();
    let error = client.call("ask", ()).await.unwrap_err();
    let ClientError::Tool(error) = error else { panic!("{error}") };
    assert!(error.text().contains("the user said no"), "{error}");
}

#[tokio::test]
async fn a_client_without_handlers_is_a_readable_failure_or_a_missing_capability() {
    Eras::new(server())
        .run(async |client: Client| match client.call("ask", ()).await.unwrap_err() {
            ClientError::Rpc(error) if client.revision().era().is_stateless() => {
                assert_eq!(error.code, -32021)
            }
            ClientError::Tool(error) if !client.revision().era().is_stateless() => {
                assert!(!error.text().is_empty())
            }
            other => panic!("{other}"),
        })
        .await;
}
