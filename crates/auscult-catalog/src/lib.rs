//! The requirements, whom they concern, and the framework clauses they answer.
