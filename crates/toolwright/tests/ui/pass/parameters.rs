//! Every kind of parameter and of return value.
#![deny(warnings)]
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use toolwright::{arguments::Args, prelude::*};

type Maybe<T> = Option<T>;
type Outcome<T> = Result<T, HandlerError>;

#[model]
#[derive(Clone, Default, Debug, PartialEq)]
struct Filter {
    words: Vec<String>,
}

const FALLBACK: &str = "fallback";

#[tool]
async fn owned(a: u8, b: String, c: Vec<u8>, d: Maybe<bool>, e: HashMap<String, u8>, f: Cow<'_, str>, g: Box<str>) -> usize {
    usize::from(a) + b.len() + c.len() + usize::from(d.is_some()) + e.len() + f.len() + g.len()
}

#[tool]
async fn borrowed(a: &u8, b: &str, c: &[u8], d: &Option<bool>, e: &BTreeMap<String, u8>, f: &(u8, char), g: &Filter) -> usize {
    usize::from(*a) + b.len() + c.len() + usize::from(d.is_some()) + e.len() + usize::from(f.0) + g.words.len()
}

#[tool]
fn defaults(
    #[arg(default)] a: Vec<u8>,
    #[arg(default = vec![1, 2])] b: Vec<u8>,
    #[arg(default = &[3, 4])] c: &[u8],
    #[arg(default = FALLBACK)] d: &str,
    #[arg(default = "text")] e: String,
    #[arg(default = Filter::default())] f: Filter,
    #[arg(default = &Filter { words: vec!["x".to_owned()] })] g: &Filter,
    #[arg(default = -1.5)] h: f64,
    #[arg(default = Some(3))] i: Option<u8>,
) -> usize {
    let _ = (f, g, h, i);
    a.len() + b.len() + c.len() + d.len() + e.len()
}

#[tool]
async fn extractors(context: Context, borrowed: &Context, state: State<Filter>, shared: &State<Filter>) -> Outcome<()> {
    let _ = (context, borrowed, &state.words, &shared.words);
    Ok(())
}

struct Both(u8);

impl FromCall for Both {
    async fn from_call(_: &Context) -> Result<Self, HandlerError> {
        Ok(Both(1))
    }
}

#[tool]
async fn patterns(Args(Filter { words }): Args<Filter>, Both(one): Both, _: &Context) -> Result<usize, String> {
    Ok(words.len() + usize::from(one))
}

#[tool]
fn shared(a: Arc<str>) -> Result<String, std::num::ParseIntError> {
    a.parse::<u8>().map(|number| number.to_string())
}

#[resource("files:///{+path}{?page,size}")]
async fn file(path: &str, page: Option<u32>, #[arg(default = 10)] size: u32, context: &Context) -> Outcome<String> {
    let _ = context;
    Ok(format!("{path}{page:?}{size}"))
}

#[resource("notes://{id}/{part}")]
fn note(Args(filter): Args<BTreeMap<String, String>>) -> String {
    format!("{filter:?}")
}

/// Prompts have typed arguments.
#[prompt]
fn review(text: &str, #[arg(default = 1)] times: u8, tags: Option<Vec<String>>) -> Vec<String> {
    vec![format!("{text}{times}{tags:?}")]
}

#[completion(file.page)]
async fn pages(typed: &str, path: Option<String>, context: &Context) -> Outcome<Vec<u32>> {
    let _ = (typed, path, context);
    Ok(vec![1, 2])
}

trait Store: Send + Sync + 'static {
    fn count(&self) -> usize;
}

struct Memory(usize);

impl Store for Memory {
    fn count(&self) -> usize {
        self.0
    }
}

struct Notes<S> {
    store: S,
}

#[provider]
impl<S> Notes<S>
where
    S: Store,
{
    /// How many notes there are.
    #[tool]
    async fn count(&self, Args(filter): Args<Filter>) -> Outcome<usize> {
        let _ = filter;
        Ok(self.store.count())
    }
}

fn main() {
    let tools = tools![owned, borrowed, defaults, extractors, patterns, shared];
    assert_eq!(tools.len(), 6);
    let _ = (resources![file, note], prompts![review], completions![pages]);
    let _ = toolwright::__private::DefineProvider::components(Notes { store: Memory(1) });
}
