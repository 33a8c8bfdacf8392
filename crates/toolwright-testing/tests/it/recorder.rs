use serde_json::json;
use toolwright_client::{Change, Client};
use toolwright_testing::{Eras, Recorder};

use crate::double::Double;

#[tokio::test]
async fn everything_beside_the_answers_is_kept_in_order() {
    let double = Double::new(|call| async move {
        for step in 1..=3 {
            let token = &call.message["params"]["_meta"]["progressToken"];
            call.notify("notifications/progress", json!({ "progressToken": token, "progress": step }));
        }
        call.notify("notifications/message", json!({ "level": "info", "data": "hi" }));
        call.notify("notifications/tools/list_changed", json!({}));
        call.notify("example/odd", json!({}));
        call.result(json!({ "content": [] }))
    });
    let recorder = Recorder::new();
    let record = recorder.clone();
    Eras::new(double)
        .client(move || record.record(Client::builder()))
        .run(async |client: Client| {
            recorder.clear();
            client.call("x", ()).await.unwrap();
            let steps: Vec<_> =
                recorder.progress().iter().map(|report| report.progress.to_string()).collect();
            assert_eq!(steps, ["1", "2", "3"]);
            assert_eq!(recorder.logs()[0].data.as_str(), "\"hi\"");
            assert_eq!(recorder.changes(), [Change::Tools]);
            assert_eq!(recorder.notifications().len(), 6);
            assert_eq!(recorder.notifications()[5].method, "example/odd");
        })
        .await;
}
