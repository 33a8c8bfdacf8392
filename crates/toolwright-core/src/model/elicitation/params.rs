use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{
    Raw,
    model::{
        RequestMeta, TaskMetadata,
        macros::{constant, setters},
    },
};

/// Parameters of `elicitation/create`: a form to fill in, or a URL to open.
///
/// A missing `mode` reads as a form.
///
/// # Example
/// ```
/// use toolwright_core::model::{BooleanSchema, ElicitParams, RequestedSchema};
///
/// let schema = RequestedSchema::new().required("ok", BooleanSchema::new());
/// let params = ElicitParams::form("Delete 3 rows?", schema);
/// assert_eq!(
///     serde_json::to_value(&params)?["requestedSchema"],
///     serde_json::json!({ "type": "object", "properties": { "ok": { "type": "boolean" } }, "required": ["ok"] })
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ElicitParams {
    /// A form to fill in.
    Form(ElicitFormParams),
    /// A URL to open, from 2025-11-25 on.
    Url(ElicitUrlParams),
}

impl ElicitParams {
    /// A form to fill in.
    pub fn form(message: impl Into<String>, requested_schema: impl Into<Raw>) -> Self {
        Self::Form(ElicitFormParams::new(message, requested_schema))
    }

    /// A URL to open.
    pub fn url(message: impl Into<String>, url: impl Into<String>) -> Self {
        Self::Url(ElicitUrlParams::new(message, url))
    }

    /// What the person reads.
    pub fn message(&self) -> &str {
        match self {
            Self::Form(form) => &form.message,
            Self::Url(url) => &url.message,
        }
    }
}

impl From<ElicitFormParams> for ElicitParams {
    fn from(form: ElicitFormParams) -> Self {
        Self::Form(form)
    }
}

impl From<ElicitUrlParams> for ElicitParams {
    fn from(url: ElicitUrlParams) -> Self {
        Self::Url(url)
    }
}

constant!(FormMode = "form");
constant!(UrlMode = "url");

/// Parameters of `elicitation/create` for a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ElicitFormParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<FormMode>,
    /// What the person reads.
    pub message: String,
    /// The JSON Schema of the form, kept verbatim; [`RequestedSchema`](super::RequestedSchema) writes and reads it.
    pub requested_schema: Raw,
    /// Asks to run the request as a task, 2025-11-25 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskMetadata>,
}

impl ElicitFormParams {
    /// A form of `requested_schema`, with no `mode` written.
    pub fn new(message: impl Into<String>, requested_schema: impl Into<Raw>) -> Self {
        Self {
            meta: None,
            mode: None,
            message: message.into(),
            requested_schema: requested_schema.into(),
            task: None,
        }
    }

    /// Sets whether `mode` is written, which 2025-06-18 does not know.
    #[must_use]
    pub fn write_mode(mut self, write: bool) -> Self {
        self.mode = write.then_some(FormMode);
        self
    }
}

setters!(ElicitFormParams {
    into meta: RequestMeta,
    set task: TaskMetadata,
});

/// Parameters of `elicitation/create` for a URL, from 2025-11-25 on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ElicitUrlParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    mode: UrlMode,
    /// What the person reads.
    pub message: String,
    /// The URL to open.
    pub url: String,
    /// The name of this elicitation, required by 2025-11-25 and unknown to later revisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elicitation_id: Option<String>,
    /// Asks to run the request as a task, 2025-11-25 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskMetadata>,
}

impl ElicitUrlParams {
    /// The URL to open.
    pub fn new(message: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            meta: None,
            mode: UrlMode,
            message: message.into(),
            url: url.into(),
            elicitation_id: None,
            task: None,
        }
    }
}

setters!(ElicitUrlParams {
    into meta: RequestMeta,
    into elicitation_id: String,
    set task: TaskMetadata,
});

impl<'de> Deserialize<'de> for ElicitParams {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The mode may come last, and raw JSON cannot pass through a buffer: so all members are read at once.
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Either {
            #[serde(rename = "_meta")]
            meta: Option<RequestMeta>,
            mode: Option<String>,
            message: String,
            requested_schema: Option<Raw>,
            url: Option<String>,
            elicitation_id: Option<String>,
            task: Option<TaskMetadata>,
        }

        let Either { meta, mode, message, requested_schema, url, elicitation_id, task } =
            Either::deserialize(deserializer)?;
        match mode.as_deref() {
            None | Some("form") => Ok(Self::Form(ElicitFormParams {
                meta,
                mode: mode.map(|_| FormMode),
                message,
                requested_schema: requested_schema
                    .ok_or_else(|| D::Error::missing_field("requestedSchema"))?,
                task,
            })),
            Some("url") => Ok(Self::Url(ElicitUrlParams {
                meta,
                mode: UrlMode,
                message,
                url: url.ok_or_else(|| D::Error::missing_field("url"))?,
                elicitation_id,
                task,
            })),
            Some(other) => Err(D::Error::unknown_variant(other, &["form", "url"])),
        }
    }
}
