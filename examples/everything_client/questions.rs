//! What the server asks.
use toolwright::{
    client::{Refusal, Step},
    core::model::{CreateMessageResult, ElicitResult, ElicitValue, InputResponses, Root, SamplingContent},
};

use crate::{Done, Task};

/// Accepts a form without filling in anything.
pub(crate) async fn defaults(task: &Task) -> Done {
    let client = task
        .client()
        .on_elicit(|_| async { ElicitResult::accept([] as [(String, ElicitValue); 0]) })
        .connect(task.server())
        .await?;
    client.tools().await?;
    client.call("test_client_elicitation_defaults", ()).await?;
    client.close().await;
    Ok(())
}

/// Declares all that a client can be asked.
pub(crate) async fn capabilities(task: &Task) -> Done {
    let client = task
        .client()
        .on_elicit(|_| async { ElicitResult::decline() })
        .on_sample(|_| async {
            Ok::<_, Refusal>(CreateMessageResult::new("none", SamplingContent::text("Nothing to say.")))
        })
        .roots([Root::new("file:///project")])
        .connect(task.server())
        .await?;
    client.tools().await?;
    client.close().await;
    Ok(())
}

/// Answers a question by hand, with another call before the answer, and others by a handler.
pub(crate) async fn rounds(task: &Task) -> Done {
    let yes = ElicitResult::accept([("confirmed", true)]);
    let by_handler = yes.clone();
    let client = task
        .client()
        .on_elicit(move |_| std::future::ready(by_handler.clone()))
        .connect(task.server())
        .await?;
    client.tools().await?;

    let Step::Ask(questions) = client.call("test_mrtr_echo_state", ()).by_hand().await? else {
        return Err("the server asked nothing".into());
    };
    client.call("test_mrtr_unrelated", ()).await?;
    let answers: InputResponses = questions.requests().iter().map(|(key, _)| (key, &yes)).collect();
    let Step::Done(_) = questions.answer(answers).await? else {
        return Err("the server asked again".into());
    };

    client.call("test_mrtr_no_state", ()).await?;
    client.call("test_mrtr_no_result_type", ()).await?;
    client.close().await;
    Ok(())
}
