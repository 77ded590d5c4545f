//! As much of HTML as rustdoc's pages need.

/// The text of a piece of HTML: no tags, entities resolved, each run of spaces one space.
pub(crate) fn text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        rest = rest[start..].find('>').map_or("", |end| &rest[start + end + 1..]);
    }
    text.push_str(rest);
    collapse(&unescape(&text))
}

/// What lies between the first `open` and the next `close`, and what follows.
pub(crate) fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str)> {
    let (_, rest) = text.split_once(open)?;
    rest.split_once(close)
}

/// The value of the attribute at the start of `tag`'s rest, as in `id="…"`.
pub(crate) fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    between(tag, &format!("{name}=\""), "\"").map(|(value, _)| value)
}

fn unescape(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        result.push_str(&rest[..start]);
        rest = &rest[start..];
        let entity = rest.find(';').map_or("", |end| &rest[..=end]);
        let character = match entity {
            "&lt;" => "<",
            "&gt;" => ">",
            "&amp;" => "&",
            "&quot;" => "\"",
            "&#39;" | "&#x27;" => "'",
            "&nbsp;" => " ",
            _ => "",
        };
        if character.is_empty() {
            result.push('&');
            rest = &rest[1..];
        } else {
            result.push_str(character);
            rest = &rest[entity.len()..];
        }
    }
    result + rest
}

fn collapse(text: &str) -> String {
    // A no-break space is white space to `char`, too.
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
