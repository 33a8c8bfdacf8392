/// An enum of which the user chooses one variant, or several. `derive(Elicit)` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a choice",
    label = "not an enum with `#[derive(Elicit)]`",
    note = "a list in a form is a list of an enum's variants"
)]
pub trait ElicitChoice: Sized + Send + 'static {
    /// What can be chosen, in order.
    fn options() -> &'static [Choice];

    /// The position of this variant.
    fn index(&self) -> usize;

    /// The variant at a position.
    fn at(index: usize) -> Option<Self>;
}

/// One variant of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub(super) name: &'static str,
    pub(super) title: Option<&'static str>,
}

impl Choice {
    /// A variant, and its title for people if it has one.
    pub const fn new(name: &'static str, title: Option<&'static str>) -> Self {
        Self { name, title }
    }
}
