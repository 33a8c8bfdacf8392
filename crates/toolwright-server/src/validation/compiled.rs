use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use toolwright_core::Raw;

use super::{Validator, compile};

type Slot = Arc<OnceLock<Result<Validator, String>>>;

/// The validators of one tool, compiled when they are first needed and shared by its clones.
#[derive(Clone, Default)]
pub(crate) struct Compiled {
    input: Slot,
    output: Slot,
}

impl Compiled {
    pub(crate) fn forget_input(&mut self) {
        self.input = Slot::default();
    }

    pub(crate) fn forget_output(&mut self) {
        self.output = Slot::default();
    }

    /// The validator for arguments, if one is wanted.
    pub(crate) fn input(&self, schema: &Raw, wanted: bool) -> Result<Option<&Validator>, &String> {
        find(&self.input, schema, wanted)
    }

    /// The validator for results, if one is wanted.
    pub(crate) fn output(&self, schema: &Raw, wanted: bool) -> Result<Option<&Validator>, &String> {
        find(&self.output, schema, wanted)
    }
}

fn find<'a>(slot: &'a Slot, schema: &Raw, wanted: bool) -> Result<Option<&'a Validator>, &'a String> {
    if !wanted {
        return Ok(None);
    }
    slot.get_or_init(|| compile(schema)).as_ref().map(Some)
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Compiled")
    }
}
