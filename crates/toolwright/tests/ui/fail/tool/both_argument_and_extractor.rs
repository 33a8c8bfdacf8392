use toolwright::prelude::*;

#[model]
struct Tenant {
    name: String,
}

impl FromCall for Tenant {
    async fn from_call(_: &Context) -> Result<Self, HandlerError> {
        Err("nobody".into())
    }
}

#[tool]
fn add(tenant: Tenant) -> String {
    tenant.name
}

fn main() {}
