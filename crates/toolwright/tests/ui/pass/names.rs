//! No name that a user chooses is in the way of an expansion.
#![deny(warnings)]
use toolwright::prelude::*;

/// A tool that shadows its own name.
#[tool]
fn add(a: i64, b: i64) -> i64 {
    let add = a + b;
    add
}

#[tool]
fn r#type(r#type: String, r#fn: i64) -> String {
    format!("{type}{fn}", r#type = r#type, r#fn = r#fn)
}

#[tool]
#[allow(clippy::too_many_arguments)]
fn odd(
    ctx: i64,
    map: i64,
    self_: i64,
    this: i64,
    value0: i64,
    value1: i64,
    shown: i64,
    components: i64,
    params: i64,
    name: i64,
    context: &Context,
) -> i64 {
    let _ = context;
    ctx + map + self_ + this + value0 + value1 + shown + components + params + name
}

#[tool]
fn tool(tool: u8) -> u8 {
    tool
}

#[tool]
async fn future(mut sync: Vec<String>, ref blocking: u8) -> usize {
    sync.push(blocking.to_string());
    sync.len()
}

mod private {
    use toolwright::prelude::*;

    #[model]
    struct Hidden {
        x: i64,
    }

    /// Takes a type that nobody outside can name.
    #[tool]
    fn inner(hidden: Hidden) -> i64 {
        hidden.x
    }

    pub(super) fn all() -> [Tool; 1] {
        tools![inner]
    }
}

struct Provider;

#[provider]
impl Provider {
    #[tool]
    fn this(&self, this: u8, components: u8) -> u8 {
        this + components
    }

    #[tool]
    fn twin(&self, other: Twin) -> u8 {
        let _ = self;
        other.0
    }

    #[tool]
    fn free_of_self(a: u8) -> u8 {
        a
    }
}

#[model]
struct Twin(u8);

fn main() {
    let [_, of_type, odd] = tools![add, r#type, odd];
    assert_eq!(of_type.key().name, "type");
    assert!(of_type.schema().as_str().contains(r#""required":["type","fn"]"#));
    assert!(odd.schema().as_str().contains("self_") && !odd.schema().as_str().contains("context"));
    assert_eq!(tools![tool, future,].len() + private::all().len(), 3);
    assert_eq!(toolwright::__private::DefineProvider::components(Provider).tools.len(), 3);

    // A tool is found in a block, too, and its function is still a function.
    #[tool]
    fn local(a: u8) -> u8 {
        a
    }
    let [_] = tools![local];
    assert_eq!([1, 2].map(local), [1, 2]);
    let none: [Tool; 0] = tools![];
    assert!(none.is_empty());
}
