use std::{fmt, future::IntoFuture, time::Duration};

use serde::Deserialize;
use toolwright_core::{
    joint::BoxFuture,
    jsonrpc::{ErrorCode, RpcError},
    model::{InputRequests, InputRequiredResult, InputResponses, ResultType},
};

use super::{Done, Encoded, Progress, Reply, Request, answer, exchange::exchange};
use crate::ClientError;

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
            let (flight, encoded) = Flight::open(self.0)?;
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
        let encoded = flight.again(&encoded, &required, &responses)?;
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
    let (mut flight, mut encoded) = Flight::open(request)?;
    let limit = flight.request.client.shared().max_rounds;
    let mut pause = PAUSE;
    let mut visited = false;
    for _ in 0..=limit {
        let required = match flight.send(&encoded).await {
            Ok(Answer::Complete(reply)) => return flight.finish(reply),
            Ok(Answer::Required(required)) => required,
            Err(ClientError::Rpc(error)) if !visited && flight.is_asked_to_visit(&error) => {
                visited = true;
                if !flight.request.client.shared().routes.answers.visit(&error).await {
                    return Err(error.into());
                }
                encoded = flight.again(&encoded, &InputRequiredResult::new(), &InputResponses::new())?;
                continue;
            }
            Err(error) => return Err(error),
        };
        let responses = match &required.input_requests {
            Some(requests) if !requests.is_empty() => {
                flight.request.client.shared().routes.answers.all(requests).await?
            }
            _ => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(5));
                InputResponses::new()
            }
        };
        encoded = flight.again(&encoded, &required, &responses)?;
    }
    Err(ClientError::Rounds { limit })
}

/// A request on its way, over all its rounds.
struct Flight<T> {
    request: Request<T>,
    progress: Option<Progress>,
}

enum Answer {
    Complete(Reply),
    Required(InputRequiredResult),
}

impl<T> Flight<T> {
    fn open(mut request: Request<T>) -> Result<(Self, Encoded), ClientError> {
        let message = std::mem::replace(&mut request.message, Err(ClientError::Closed))?;
        let shared = request.client.shared();
        let progress = request.options.progress(shared, message.id());
        let token = progress.is_some().then(|| message.id());
        let encoded =
            message.close(|buffer| shared.meta.write(buffer, &request.options.extra(shared, token)));
        Ok((Self { request, progress }, encoded))
    }

    /// The next round: same parameters, the state unchanged, a new id ("Multi Round-Trip Requests", "Retrying").
    fn again(
        &mut self,
        encoded: &Encoded,
        required: &InputRequiredResult,
        responses: &InputResponses,
    ) -> Result<Encoded, ClientError> {
        let shared = self.request.client.shared();
        let id = shared.next_id();
        let mut message = encoded.again(id);
        let member = |written: serde_json::Result<()>| {
            written.map_err(|source| ClientError::Encode { what: "an answer".into(), source })
        };
        if !responses.is_empty() {
            member(message.member("inputResponses", responses))?;
        }
        if let Some(state) = &required.request_state {
            member(message.member("requestState", state))?;
        }
        if let Some(progress) = &mut self.progress {
            progress.renew(id);
        }
        let token = self.progress.is_some().then_some(id);
        let options = &self.request.options;
        Ok(message.close(|buffer| shared.meta.write(buffer, &options.extra(shared, token))).keep(encoded))
    }

    async fn send(&mut self, encoded: &Encoded) -> Result<Answer, ClientError> {
        let shared = self.request.client.shared();
        let timing = self.request.options.timing(shared);
        let headers = shared.headers.request(&encoded.method, &self.request.subject);
        let incoming = exchange(shared, encoded, headers, timing, self.progress.as_mut()).await?;
        let reply = answer(&incoming, encoded.id, |stray| shared.stray(&stray))?;
        if !shared.revision.era().is_stateless() {
            return Ok(Answer::Complete(reply));
        }
        match result_type(&reply)? {
            None | Some(ResultType::Complete) => Ok(Answer::Complete(reply)),
            Some(ResultType::InputRequired) => required(encoded, &reply).map(Answer::Required),
            Some(ResultType::Other(other)) if shared.claimed.contains(&other) => Ok(Answer::Complete(reply)),
            Some(other) => Err(ClientError::protocol(format!(
                "unknown `resultType` \"{other}\" of `{}`",
                encoded.method
            ))),
        }
    }

    fn is_asked_to_visit(&self, error: &RpcError) -> bool {
        error.code == ErrorCode::URL_ELICITATION_REQUIRED
            && !self.request.client.shared().revision.era().is_stateless()
    }

    async fn step(mut self, encoded: Encoded) -> Result<Step<T>, ClientError> {
        match self.send(&encoded).await? {
            Answer::Complete(reply) => self.finish(reply).map(Step::Done),
            Answer::Required(required) => {
                Ok(Step::Ask(Questions(Box::new(Waiting { flight: self, encoded, required }))))
            }
        }
    }

    fn finish(self, reply: Reply) -> Result<T, ClientError> {
        let Request { client, read, subject, .. } = self.request;
        read(Done { shared: client.shared().clone(), subject, reply })
    }
}

/// What the result says it is. Missing, as older servers leave it, it is complete ("Result types").
fn result_type(reply: &Reply) -> Result<Option<ResultType>, ClientError> {
    if is_plain(&reply.0) {
        return Ok(None);
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Typed {
        result_type: Option<ResultType>,
    }
    serde_json::from_slice(&reply.0)
        .map(|typed: Typed| typed.result_type)
        .map_err(|error| ClientError::protocol(format!("malformed `resultType`: {error}")))
}

/// Whether a look at the bytes is enough: nothing in the text, at whatever depth, has another type than a complete result. It
/// spares nearly all results a pass of the parser.
fn is_plain(text: &[u8]) -> bool {
    const KEY: &str = "\"resultType\"";
    std::str::from_utf8(text).is_ok_and(|text| {
        // A key could also be written with escapes.
        !text.contains("\\u")
            && text.match_indices(KEY).all(|(at, _)| text[at + KEY.len()..].starts_with(":\"complete\""))
    })
}

fn required(encoded: &Encoded, reply: &Reply) -> Result<InputRequiredResult, ClientError> {
    // Only these three may ask back ("Multi Round-Trip Requests", "Supported Requests").
    if !matches!(&*encoded.method, "tools/call" | "prompts/get" | "resources/read") {
        return Err(ClientError::protocol(format!("`{}` must not ask for input", encoded.method)));
    }
    let required: InputRequiredResult = reply.read(&encoded.method)?;
    if required.input_requests.is_none() && required.request_state.is_none() {
        return Err(ClientError::protocol("a result asks for input but has neither questions nor a state"));
    }
    Ok(required)
}
