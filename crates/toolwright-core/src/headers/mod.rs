//! HTTP headers of the Streamable HTTP transport: their names, and how values get in and out of them.
//!
//! A gateway can route or refuse a request by them without reading its body; the server refuses a request whose body says
//! something else ("Streamable HTTP", "Server Validation").
//!
//! # Example
//! ```
//! use http::HeaderMap;
//! use toolwright_core::headers::{self, MCP_NAME};
//!
//! let mut request = HeaderMap::new();
//! request.insert(MCP_NAME, headers::encode_value("Grüße"));
//!
//! let name = headers::single(&request, &MCP_NAME)?.expect("just inserted");
//! assert_eq!(name, "=?base64?R3LDvMOfZQ==?=");
//! assert_eq!(headers::decode_value(name)?, "Grüße");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
mod bindings;
mod compile;
mod names;
mod parameter;
mod single;
mod value;

pub use bindings::{ParamBinding, ParamBindings, ParamBranch, ParamNode};
pub use names::{
    InvalidParamName, LAST_EVENT_ID, MCP_METHOD, MCP_NAME, MCP_PARAM_PREFIX, MCP_PROTOCOL_VERSION,
    MCP_SESSION_ID, name_member, param_name,
};
pub use parameter::ParamValue;
pub use single::{Repeated, single};
pub use value::{InvalidValue, decode_value, encode_value};
