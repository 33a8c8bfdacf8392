//! Elicitation: the server asks the person (client/elicitation).
mod complete;
mod params;
mod primitive;
mod properties;
mod result;
mod schema;
mod select;

pub use complete::ElicitationCompleteParams;
pub use params::{ElicitFormParams, ElicitParams, ElicitUrlParams};
pub use primitive::{BooleanSchema, NumberSchema, StringFormat, StringSchema};
pub use properties::Properties;
pub use result::{ElicitAction, ElicitResult, ElicitValue};
pub use schema::{PrimitiveSchema, RequestedSchema};
pub use select::{
    Choice, LegacyEnumSchema, MultiSelectSchema, SingleSelectSchema, TitledMultiSelectSchema,
    TitledSingleSelectSchema,
};
