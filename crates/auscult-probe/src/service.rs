//! Recognises a service by what it answers.
