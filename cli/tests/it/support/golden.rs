//! Expected texts. `SYNCSCOPE_BLESS=1` writes them anew; read the difference before committing it.

use std::path::Path;

/// Compares with `tests/it/golden/<name>`.
pub(crate) fn golden(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(name);
    if std::env::var_os("SYNCSCOPE_BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == actual, "{name} differs\n--- expected\n{expected}\n--- actual\n{actual}");
}
