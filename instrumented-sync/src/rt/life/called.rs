//! What a task is called.

/// The function whose future it is, by the name of the type: `app::serve::{{closure}}` is `serve`'s. Empty where the type does not say.
pub(super) fn name_of(type_name: &str) -> String {
    let mut path = type_name;
    while let Some(outer) = path.strip_suffix("::{{closure}}") {
        path = outer;
    }
    if path.len() == type_name.len() || path.contains(['<', ' ']) {
        return String::new();
    }
    path.rsplit("::").next().unwrap_or_default().to_owned()
}
