//! The race engine against what is known otherwise: small traces of the literature, and a naive judge.

mod judge;
mod luck;
mod micro;
mod naive;
mod script;
mod threads;
