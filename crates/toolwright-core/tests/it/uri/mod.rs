mod attacks;
mod matching;
mod properties;
mod templates;
