use serde::{Deserialize, Serialize};

use super::{Meta, RequestMeta, macros::setters};

/// Asks to run a request as a task, 2025-11-25 only (basic/utilities/tasks).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TaskMetadata {
    /// For how many milliseconds from its creation the task is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u64>,
}

setters!(TaskMetadata {
    set ttl: u64,
});

impl TaskMetadata {
    /// A task kept as long as the receiver likes.
    pub fn new() -> Self {
        Self::default()
    }
}

/// The task that a message belongs to, 2025-11-25 only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RelatedTask {
    /// The task.
    pub task_id: String,
}

impl RelatedTask {
    /// The task `task_id`.
    pub fn new(task_id: impl Into<String>) -> Self {
        Self { task_id: task_id.into() }
    }
}

/// Where a task stands, 2025-11-25 only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TaskStatus {
    /// It runs.
    Working,
    /// It waits for an answer of the requester.
    InputRequired,
    /// It ended with a result.
    Completed,
    /// It ended with an error.
    Failed,
    /// It was cancelled.
    Cancelled,
}

impl TaskStatus {
    /// Whether the task has come to its end.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// A task, 2025-11-25 only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Task {
    /// Its identifier, made by the receiver.
    pub task_id: String,
    /// Where it stands.
    pub status: TaskStatus,
    /// More about where it stands, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_message: Option<String>,
    /// When it was created, as ISO 8601.
    pub created_at: String,
    /// When it changed last, as ISO 8601.
    pub last_updated_at: String,
    /// For how many milliseconds from its creation it is kept; `null` is without limit.
    pub ttl: Option<u64>,
    /// How many milliseconds the requester should wait between two looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll_interval: Option<u64>,
}

setters!(Task {
    into status_message: String,
    set poll_interval: u64,
});

impl Task {
    /// A working task, created at `created_at` and kept without limit.
    pub fn new(task_id: impl Into<String>, created_at: impl Into<String>) -> Self {
        let created_at = created_at.into();
        Self {
            task_id: task_id.into(),
            status: TaskStatus::Working,
            status_message: None,
            last_updated_at: created_at.clone(),
            created_at,
            ttl: None,
            poll_interval: None,
        }
    }

    /// Sets [`status`](field@Self::status) as of `last_updated_at`.
    #[must_use]
    pub fn status(mut self, status: TaskStatus, last_updated_at: impl Into<String>) -> Self {
        self.status = status;
        self.last_updated_at = last_updated_at.into();
        self
    }

    /// Sets [`ttl`](field@Self::ttl).
    #[must_use]
    pub fn ttl(mut self, ttl: u64) -> Self {
        self.ttl = Some(ttl);
        self
    }
}

/// Result of a request that became a task, 2025-11-25 only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreateTaskResult {
    /// The task.
    pub task: Task,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(CreateTaskResult {
    into meta: Meta,
});

impl CreateTaskResult {
    /// The request became `task`.
    pub fn new(task: Task) -> Self {
        Self { task, meta: None }
    }
}

/// Parameters of `tasks/get`, `tasks/result` and `tasks/cancel`, 2025-11-25 only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TaskParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// The task.
    pub task_id: String,
}

setters!(TaskParams {
    into meta: RequestMeta,
});

impl TaskParams {
    /// The task `task_id`.
    pub fn new(task_id: impl Into<String>) -> Self {
        Self { meta: None, task_id: task_id.into() }
    }
}

/// Result of `tasks/get` and `tasks/cancel`, 2025-11-25 only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TaskResult {
    /// The task, whose members stand in the result itself.
    #[serde(flatten)]
    pub task: Task,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(TaskResult {
    into meta: Meta,
});

impl TaskResult {
    /// The state of `task`.
    pub fn new(task: Task) -> Self {
        Self { task, meta: None }
    }
}

/// Result of `tasks/list`, 2025-11-25 only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ListTasksResult {
    /// The tasks of this page.
    pub tasks: Vec<Task>,
    /// The cursor of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(ListTasksResult {
    into next_cursor: String,
    into meta: Meta,
});

impl ListTasksResult {
    /// A page of tasks.
    pub fn new(tasks: impl IntoIterator<Item = Task>) -> Self {
        Self { tasks: tasks.into_iter().collect(), ..Self::default() }
    }
}

/// Parameters of `notifications/tasks/status`, 2025-11-25 only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TaskStatusParams {
    /// The task, whose members stand in the parameters themselves.
    #[serde(flatten)]
    pub task: Task,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(TaskStatusParams {
    into meta: Meta,
});

impl TaskStatusParams {
    /// The state of `task`.
    pub fn new(task: Task) -> Self {
        Self { task, meta: None }
    }
}
