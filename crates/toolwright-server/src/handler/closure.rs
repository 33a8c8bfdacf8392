//! Closures and plain `async` functions as handlers, by number of parameters.
use std::future::Future;

use super::{
    Handler, PromptHandler, ResourceHandler, prompt::PromptParts, resource::ResourceParts, tool::ToolParts,
};
use crate::{
    Prompt, Resource, Tool,
    arguments::{
        field::Field,
        param::{Nameless, Param, Parameter},
        slot::slot,
    },
    respond::{IntoPromptResult, IntoResourceResult, IntoToolResult},
};

macro_rules! closures {
    ($($param:ident $marker:ident $value:ident),*) => {
        closures!(@ Handler Tool ToolParts IntoToolResult [] $($param $marker $value),*);
        closures!(@ ResourceHandler Resource ResourceParts IntoResourceResult [+ Send + 'static] $($param $marker $value),*);
        closures!(@ PromptHandler Prompt PromptParts IntoPromptResult [] $($param $marker $value),*);
    };
    (@ $handler:ident $component:ident $parts:ident $into:ident [$($bound:tt)*] $($param:ident $marker:ident $value:ident),*) => {
        impl<F, R, T, M, $($param, $marker),*> $handler<(fn() -> M, $(fn($param) -> $marker),*)> for F
        where
            F: Fn($($param),*) -> R + Send + Sync + 'static,
            R: Future<Output = T> + Send + 'static,
            T: $into<M> $($bound)*,
            $($param: Nameless<$marker> + Param<$marker, Owned = $param> + 'static, $marker: 'static,)*
        {
            fn attach(self, component: $component) -> $component {
                let params = ($(slot(Parameter::<$param, $marker>::NEW, Field::new("")),)*);
                $parts::new(component, params).future(move |($($value,)*)| {
                    let future = self($($value.take()),*);
                    async move { Ok(future.await) }
                })
            }
        }
    };
}

closures!();
closures!(A M1 a);
closures!(A M1 a, B M2 b);
closures!(A M1 a, B M2 b, C M3 c);
closures!(A M1 a, B M2 b, C M3 c, D M4 d);
closures!(A M1 a, B M2 b, C M3 c, D M4 d, E M5 e);
closures!(A M1 a, B M2 b, C M3 c, D M4 d, E M5 e, G M6 g);
