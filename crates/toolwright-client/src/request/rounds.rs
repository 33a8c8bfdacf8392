use std::{fmt, future::IntoFuture, time::Duration};

use toolwright_core::{
    joint::BoxFuture,
    jsonrpc::RpcError,
    model::{InputRequests, InputRequiredResult, InputResponses},
};

use super::{
    Encoded, Request,
    flight::{Answer, Flight},
};
use crate::{ClientError, shared::Shared};

/// How long a client waits before it repeats a request that it was only asked to repeat, doubled each time.
const PAUSE: Duration = Duration::from_millis(100);

/// A request whose questions the caller answers. See [`Request::by_hand`].
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_client::{Client, ClientError, Step};
/// use toolwright_core::model::{ElicitResult, InputResponses};
///
/// async fn book(client: Client) -> Result<String, ClientError> {
///     let mut step = client.call("book", json!({ "show": "hamlet" })).by_hand().await?;
///     loop {
///         match step {
///             Step::Done(outcome) => return outcome.data(),
///             Step::Ask(questions) => {
///                 let declined = ElicitResult::decline();
///                 let answers: InputResponses =
///                     questions.requests().iter().map(|(key, _)| (key, &declined)).collect();
///                 step = questions.answer(answers).await?;
///             }
///         }
///     }
/// }
/// ```
#[derive(Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct ByHand<T>(Request<T>);

/// Where a request [driven by hand](Request::by_hand) has come to.
#[derive(Debug)]
pub enum Step<T> {
    /// It has its result.
    Done(T),
    /// The server asks something first.
    Ask(Questions<T>),
}

/// What the server wants to know before it goes on ("Multi Round-Trip Requests").
pub struct Questions<T>(Box<Waiting<T>>);

struct Waiting<T> {
    flight: Flight<T>,
    encoded: Encoded,
    required: InputRequiredResult,
}

impl<T> Step<T> {
    pub(super) fn ask(flight: Flight<T>, encoded: Encoded, required: InputRequiredResult) -> Self {
        Self::Ask(Questions(Box::new(Waiting { flight, encoded, required })))
    }
}

impl<T> ByHand<T> {
    pub(super) fn new(request: Request<T>) -> Self {
        Self(request)
    }
}

impl<T: Send + 'static> IntoFuture for ByHand<T> {
    type Output = Result<Step<T>, ClientError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (flight, encoded) = Flight::open(self.0).await?;
            flight.step(encoded).await
        })
    }
}

impl<T> Questions<T> {
    /// The questions by key. It can be empty: then the server only wants to be called again, not at once.
    pub fn requests(&self) -> &InputRequests {
        static NONE: std::sync::LazyLock<InputRequests> = std::sync::LazyLock::new(InputRequests::new);
        self.0.required.input_requests.as_ref().unwrap_or(&NONE)
    }

    /// Sends the request again with `responses`, of which there must be one for each question. The server's state goes along
    /// unchanged.
    ///
    /// # Errors
    /// Those of any request.
    pub async fn answer(self, responses: InputResponses) -> Result<Step<T>, ClientError> {
        let Waiting { mut flight, encoded, required } = *self.0;
        let encoded = flight.again(&encoded, &required, &responses).await?;
        flight.step(encoded).await
    }
}

impl<T> fmt::Debug for Questions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Questions").field("requests", self.requests()).finish_non_exhaustive()
    }
}

/// Sends a request, answers what the server asks back, and reads the result.
pub(super) async fn drive<T>(request: Request<T>) -> Result<T, ClientError> {
    let (mut flight, mut encoded) = Flight::open(request).await?;
    let mut slot = flight.slot(&encoded);
    if let Some(reply) = slot.as_ref().and_then(|slot| flight.kept(slot)) {
        return flight.finish(reply);
    }
    let limit = flight.request.client.shared().settings.max_rounds;
    let mut pause = PAUSE;
    let mut visited = false;
    for _ in 0..=limit {
        let required = match flight.send(&mut encoded).await {
            Ok(Answer::Complete(reply)) => {
                if let Some(slot) = slot {
                    flight.request.client.shared().routes.results.put(slot, &reply);
                }
                return flight.complete(&encoded, reply).await;
            }
            Ok(Answer::Required(required)) => {
                slot = None;
                required
            }
            Err(ClientError::Rpc(error)) if !visited && flight.is_asked_to_visit(&error) => {
                visited = true;
                if !visit(flight.request.client.shared(), &error).await {
                    return Err(error.into());
                }
                encoded = flight.again(&encoded, &InputRequiredResult::new(), &InputResponses::new()).await?;
                continue;
            }
            Err(error) => return Err(error),
        };
        let responses = match &required.input_requests {
            Some(requests) if !requests.is_empty() => {
                let routes = &flight.request.client.shared().routes;
                routes.answers.all(&routes.elicitations, requests).await?
            }
            _ => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(5));
                InputResponses::new()
            }
        };
        encoded = flight.again(&encoded, &required, &responses).await?;
    }
    Err(ClientError::Rounds { limit })
}

/// Has the URLs opened that a session's server wants visited before it goes on (2025-11-25, "URL Elicitation Required Error"), and
/// waits until it calls all of them complete; if it says nothing, for as long as for any answer.
#[cold]
async fn visit(shared: &Shared, error: &RpcError) -> bool {
    let routes = &shared.routes;
    let Some(ids) = routes.answers.visit(error, &routes.elicitations).await else { return false };
    let patience = shared.settings.timing.quiet.unwrap_or(Duration::from_secs(60));
    tokio::select! {
        () = shared.closed() => {}
        () = routes.elicitations.completed(&ids) => {}
        () = tokio::time::sleep(patience) => {}
    }
    true
}
