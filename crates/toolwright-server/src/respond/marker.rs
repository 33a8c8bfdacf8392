//! The families of return values. Inference finds them; nobody writes them.

/// `Serialize + JsonSchema`: structured content, or text where the type is a string.
#[derive(Debug)]
pub enum Structured {}

/// One piece of content.
#[derive(Debug)]
pub enum Content {}

/// A list of pieces of content, or one that may be missing.
#[derive(Debug)]
pub enum Contents {}

/// A tuple of content and strings; `M` has one marker for each.
#[derive(Debug)]
pub struct Mixed<M>(M);

/// A string among content.
#[derive(Debug)]
pub enum Text {}

/// A complete result.
#[derive(Debug)]
pub enum Complete {}

/// JSON without a schema.
#[derive(Debug)]
pub enum Untyped {}

/// A `Result` of what `M` stands for.
#[derive(Debug)]
pub struct Fallible<M>(M);
