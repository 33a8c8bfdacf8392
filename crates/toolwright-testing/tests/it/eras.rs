use std::sync::Mutex;

use toolwright_client::{Client, ClientError};
use toolwright_core::{era::Revision, model::Implementation};
use toolwright_testing::{Eras, in_every_era};

use crate::double::{Double, echoing};

/// The text of the panic that `future` ends in.
async fn panic_of(future: impl Future<Output = ()> + Send + 'static) -> String {
    let panic = tokio::spawn(future).await.unwrap_err().into_panic();
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap()
}

#[tokio::test]
async fn the_body_runs_once_in_each_revision_newest_first() {
    let seen = Mutex::new(Vec::new());
    in_every_era(echoing(), async |client: Client| {
        seen.lock().unwrap().push(client.revision());
        assert_eq!(client.call("x", ()).await.unwrap().text(), "x");
    })
    .await;
    let mut seen = seen.into_inner().unwrap();
    seen.reverse();
    assert_eq!(seen, Revision::ALL);
}

#[tokio::test]
async fn a_failure_names_the_revision() {
    let body = async |client: Client| {
        assert_ne!(client.revision(), Revision::V2025_06_18, "not here");
    };
    let text = panic_of(async move { in_every_era(echoing(), body).await }).await;
    assert!(text.starts_with("in revision 2025-06-18: assertion `left != right` failed: not here"), "{text}");

    let body = async |client: Client| -> Result<(), ClientError> {
        client.call("x", ()).await?.data::<i64>()?;
        Ok(())
    };
    let text = panic_of(async move { in_every_era(echoing(), body).await }).await;
    assert!(
        text.starts_with("in revision 2026-07-28: the answer of tool `x` is not of the expected type"),
        "{text}"
    );
}

#[tokio::test]
async fn a_revision_that_is_not_served_fails_instead_of_being_skipped() {
    let served = [Revision::V2025_06_18, Revision::V2025_11_25];
    let double =
        Double::serving(served, |call| async move { call.result(serde_json::json!({ "content": [] })) });
    Eras::new(double.clone()).only(served).run(async |_| ()).await;
    let text = panic_of(async move { in_every_era(double, async |_| ()).await }).await;
    assert!(
        text.starts_with("in revision 2026-07-28: cannot connect: no common protocol revision"),
        "{text}"
    );

    let text = panic_of(Eras::new(echoing()).only([]).run(async |_| ()));
    assert_eq!(text.await, "a test in no revision shows nothing");
}

#[tokio::test]
async fn clients_can_be_built_by_hand() {
    let count = Mutex::new(0);
    let builder = || {
        *count.lock().unwrap() += 1;
        Client::builder().info(Implementation::new("tester", "1"))
    };
    Eras::new(echoing()).client(builder).run(async |_| ()).await;
    assert_eq!(*count.lock().unwrap(), 5);
}
