use std::fmt;

use super::Revision;
use crate::jsonrpc::ErrorCode;

/// One revision as a value: what it has, what it lacks, and how it answers.
///
/// # Example
/// ```
/// use toolwright_core::era::Revision;
///
/// let modern = Revision::V2026_07_28.era();
/// assert!(modern.is_stateless() && !modern.batches());
/// assert!(Revision::V2025_03_26.era().batches());
/// assert_eq!(modern.not_found_code(), -32602);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Era {
    revision: Revision,
}

impl Revision {
    /// What this revision means.
    pub const fn era(self) -> Era {
        Era { revision: self }
    }
}

impl Era {
    /// The revision's name.
    pub const fn revision(self) -> Revision {
        self.revision
    }

    fn since(self, first: Revision) -> bool {
        self.revision >= first
    }

    /// Whether requests carry everything in their `_meta` and nothing is remembered between them ("Statelessness").
    pub fn is_stateless(self) -> bool {
        self.since(Revision::V2026_07_28)
    }

    /// Whether an array of messages is legal (2025-03-26, "JSON-RPC Batching").
    pub fn batches(self) -> bool {
        self.revision == Revision::V2025_03_26
    }

    /// Whether the server may send requests to the client.
    pub fn asks_by_request(self) -> bool {
        !self.is_stateless()
    }

    /// Whether the client can be asked by `elicitation/create`, in the older or in the newer form.
    pub fn elicits(self) -> bool {
        self.since(Revision::V2025_06_18)
    }

    /// Whether elicitation has modes, titled and multiple choices, and defaults for all kinds of fields.
    pub fn elicits_richly(self) -> bool {
        self.since(Revision::V2025_11_25)
    }

    /// Whether URL elicitation carries an `elicitationId`.
    pub fn names_elicitations(self) -> bool {
        self.revision == Revision::V2025_11_25
    }

    /// Whether sampling can use tools and several content blocks per message.
    pub fn samples_with_tools(self) -> bool {
        self.since(Revision::V2025_11_25)
    }

    /// Whether results can be structured and tools have output schemas.
    pub fn structures_results(self) -> bool {
        self.since(Revision::V2025_06_18)
    }

    /// Whether structured results must be objects, so that other values are wrapped.
    pub fn structures_objects_only(self) -> bool {
        !self.is_stateless()
    }

    /// Whether content may link to resources.
    pub fn links_resources(self) -> bool {
        self.since(Revision::V2025_06_18)
    }

    /// Whether content may be audio.
    pub fn plays_audio(self) -> bool {
        self.since(Revision::V2025_03_26)
    }

    /// Whether tools have annotations.
    pub fn annotates_tools(self) -> bool {
        self.since(Revision::V2025_03_26)
    }

    /// Whether definitions have titles and `_meta`, and annotations say when something changed.
    pub fn titles(self) -> bool {
        self.since(Revision::V2025_06_18)
    }

    /// Whether definitions have icons, and implementations a description and a website.
    pub fn draws_icons(self) -> bool {
        self.since(Revision::V2025_11_25)
    }

    /// Whether tools say how they run as tasks (2025-11-25, "Tasks").
    pub fn declares_task_support(self) -> bool {
        self.revision == Revision::V2025_11_25
    }

    /// Whether progress can say something in words.
    pub fn narrates_progress(self) -> bool {
        self.since(Revision::V2025_03_26)
    }

    /// Whether the `completions` capability exists.
    pub fn declares_completions(self) -> bool {
        self.since(Revision::V2025_03_26)
    }

    /// Whether log messages need a level in the request's own `_meta` ("Logging").
    pub fn logs_per_request(self) -> bool {
        self.is_stateless()
    }

    /// Whether results say their type, how long they stay fresh, and which server they come from.
    pub fn labels_results(self) -> bool {
        self.is_stateless()
    }

    /// Whether an error whose request had no readable id leaves `id` out instead of writing `null`.
    pub fn omits_unknown_ids(self) -> bool {
        self.since(Revision::V2025_11_25)
    }

    /// Whether a stream that can be resumed begins with an event without data, which older clients would try to read (2025-11-25,
    /// "Streamable HTTP", "Sending Messages to the Server").
    pub fn primes_streams(self) -> bool {
        self.revision == Revision::V2025_11_25
    }

    /// Whether each message after the handshake says in a header which revision it follows ("Protocol Version Header").
    pub fn heads_messages(self) -> bool {
        self.since(Revision::V2025_06_18)
    }

    /// Whether headers repeat what a message is and what it addresses ("Streamable HTTP", "Standard Request Headers").
    pub fn mirrors_in_headers(self) -> bool {
        self.is_stateless()
    }

    /// The code for a resource that does not exist ("Resources", "Error Handling").
    pub fn not_found_code(self) -> ErrorCode {
        if self.is_stateless() { ErrorCode::INVALID_PARAMS } else { ErrorCode::RESOURCE_NOT_FOUND_LEGACY }
    }
}

impl fmt::Debug for Era {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Era({})", self.revision)
    }
}
