//! What is read, evaluated and refused.
