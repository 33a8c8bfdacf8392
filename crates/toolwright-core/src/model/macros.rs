/// By-value setters for the optional members of a model type.
///
/// `set` takes the type itself, `into` whatever converts into it, `list` an iterator, `map` an iterator of pairs, `number` a
/// float that must be finite to be kept.
macro_rules! setters {
    ($name:ident { $($rest:tt)* }) => {
        impl $name {
            setters!(@ $($rest)*);
        }
    };
    (@) => {};
    (@ set $field:ident: $type:ty, $($rest:tt)*) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](field@Self::", stringify!($field), ").")]
        #[must_use]
        pub fn $field(mut self, $field: $type) -> Self {
            self.$field = Some($field);
            self
        }
        setters!(@ $($rest)*);
    };
    (@ into $field:ident: $type:ty, $($rest:tt)*) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](field@Self::", stringify!($field), ").")]
        #[must_use]
        pub fn $field(mut self, $field: impl Into<$type>) -> Self {
            self.$field = Some($field.into());
            self
        }
        setters!(@ $($rest)*);
    };
    (@ list $field:ident: $type:ty, $($rest:tt)*) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](field@Self::", stringify!($field), ").")]
        #[must_use]
        pub fn $field(mut self, $field: impl IntoIterator<Item = impl Into<$type>>) -> Self {
            self.$field = Some($field.into_iter().map(Into::into).collect());
            self
        }
        setters!(@ $($rest)*);
    };
    (@ map $field:ident: $type:ty, $($rest:tt)*) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](field@Self::", stringify!($field), ").")]
        #[must_use]
        pub fn $field(
            mut self,
            $field: impl IntoIterator<Item = (impl Into<String>, impl Into<$type>)>,
        ) -> Self {
            self.$field = Some($field.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
            self
        }
        setters!(@ $($rest)*);
    };
    (@ number $field:ident, $($rest:tt)*) => {
        #[doc = concat!(
            "Sets [`", stringify!($field), "`](field@Self::", stringify!($field),
            "); a float that is not finite, which JSON cannot write, leaves it out."
        )]
        #[must_use]
        pub fn $field(mut self, $field: impl IntoNumber) -> Self {
            self.$field = $field.into_number();
            self
        }
        setters!(@ $($rest)*);
    };
}

/// An enumeration of strings that is open: unknown ones are kept.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: $other:ty {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// Any other name, kept as it came.
            Other($other),
        }

        impl $name {
            /// The name on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(name) => name,
                }
            }

            /// All names known here.
            pub const KNOWN: &'static [&'static str] = &[$($text),*];
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                match name {
                    $($text => Self::$variant,)*
                    other => Self::Other(other.into()),
                }
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self::from(name.as_str())
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Names;

                impl ::serde::de::Visitor<'_> for Names {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<E>(self, name: &str) -> Result<$name, E> {
                        Ok($name::from(name))
                    }
                }

                deserializer.deserialize_str(Names)
            }
        }
    };
}

/// A zero-sized type that stands for one string constant on the wire.
macro_rules! constant {
    ($name:ident = $text:literal) => {
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(crate) struct $name;

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($text)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Constant;

                impl ::serde::de::Visitor<'_> for Constant {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("the string `", $text, "`"))
                    }

                    fn visit_str<E: ::serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        if text == $text {
                            Ok($name)
                        } else {
                            Err(E::invalid_value(::serde::de::Unexpected::Str(text), &self))
                        }
                    }
                }

                deserializer.deserialize_str(Constant)
            }
        }
    };
}

pub(crate) use {constant, open_enum, setters};
