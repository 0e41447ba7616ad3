//! The reports of an invented world as people and machines read them.

mod edith;
mod hostile;
mod html;
mod json;
mod markup;
mod terminal;
mod words;
