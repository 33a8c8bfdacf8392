use super::macros::open_enum;

open_enum! {
    /// The name of a request or notification of any revision.
    ///
    /// # Example
    /// ```
    /// use toolwright_core::model::Method;
    ///
    /// assert_eq!(Method::from("tools/call"), Method::CallTool);
    /// assert!(Method::ToolListChanged.is_notification());
    /// assert_eq!(Method::from("example/extra").as_str(), "example/extra");
    /// ```
    pub enum Method: Box<str> {
        /// `initialize`, before 2026-07-28.
        Initialize = "initialize",
        /// `ping`, before 2026-07-28.
        Ping = "ping",
        /// `server/discover`, from 2026-07-28 on.
        Discover = "server/discover",
        /// `tools/list`.
        ListTools = "tools/list",
        /// `tools/call`.
        CallTool = "tools/call",
        /// `resources/list`.
        ListResources = "resources/list",
        /// `resources/templates/list`.
        ListResourceTemplates = "resources/templates/list",
        /// `resources/read`.
        ReadResource = "resources/read",
        /// `resources/subscribe`, before 2026-07-28.
        Subscribe = "resources/subscribe",
        /// `resources/unsubscribe`, before 2026-07-28.
        Unsubscribe = "resources/unsubscribe",
        /// `prompts/list`.
        ListPrompts = "prompts/list",
        /// `prompts/get`.
        GetPrompt = "prompts/get",
        /// `completion/complete`.
        Complete = "completion/complete",
        /// `logging/setLevel`, before 2026-07-28.
        SetLevel = "logging/setLevel",
        /// `subscriptions/listen`, from 2026-07-28 on.
        Listen = "subscriptions/listen",
        /// `sampling/createMessage`; from 2026-07-28 on only as an input request.
        CreateMessage = "sampling/createMessage",
        /// `roots/list`; from 2026-07-28 on only as an input request.
        ListRoots = "roots/list",
        /// `elicitation/create`; from 2026-07-28 on only as an input request.
        Elicit = "elicitation/create",
        /// `tasks/get`.
        GetTask = "tasks/get",
        /// `tasks/result`, 2025-11-25 only.
        GetTaskPayload = "tasks/result",
        /// `tasks/list`, 2025-11-25 only.
        ListTasks = "tasks/list",
        /// `tasks/cancel`.
        CancelTask = "tasks/cancel",
        /// `notifications/initialized`, before 2026-07-28.
        Initialized = "notifications/initialized",
        /// `notifications/cancelled`.
        Cancelled = "notifications/cancelled",
        /// `notifications/progress`.
        Progress = "notifications/progress",
        /// `notifications/message`.
        LoggingMessage = "notifications/message",
        /// `notifications/tools/list_changed`.
        ToolListChanged = "notifications/tools/list_changed",
        /// `notifications/prompts/list_changed`.
        PromptListChanged = "notifications/prompts/list_changed",
        /// `notifications/resources/list_changed`.
        ResourceListChanged = "notifications/resources/list_changed",
        /// `notifications/resources/updated`.
        ResourceUpdated = "notifications/resources/updated",
        /// `notifications/subscriptions/acknowledged`, from 2026-07-28 on.
        SubscriptionsAcknowledged = "notifications/subscriptions/acknowledged",
        /// `notifications/roots/list_changed`, before 2026-07-28.
        RootsListChanged = "notifications/roots/list_changed",
        /// `notifications/elicitation/complete`, 2025-11-25 only.
        ElicitationComplete = "notifications/elicitation/complete",
        /// `notifications/tasks/status`, 2025-11-25 only.
        TaskStatus = "notifications/tasks/status",
    }
}

impl Method {
    /// Whether this is the name of a notification, which is never answered.
    pub fn is_notification(&self) -> bool {
        self.as_str().starts_with("notifications/")
    }
}
