//! Markdown, read by a parser of it.

use super::forms::Forms;
use crate::support::Bank;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// Panics when the text has other markup than the report's own. Gives the rows of the table and the blocks of code.
pub(super) fn validate(text: &str) -> (usize, Vec<String>) {
    let (mut rows, mut blocks, mut block) = (0, Vec::new(), None);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::TableRow) => rows += 1,
            Event::Start(Tag::CodeBlock(_)) => block = Some(String::new()),
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => blocks.extend(block.take()),
            Event::Text(text) => {
                if let Some(block) = &mut block {
                    block.push_str(&text);
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => own_html(&html),
            Event::Start(
                Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::List(_)
                | Tag::BlockQuote(_)
                | Tag::Emphasis
                | Tag::Strikethrough,
            )
            | Event::Code(_)
            | Event::Rule
            | Event::FootnoteReference(_) => panic!("{event:?} in {text}"),
            _ => {}
        }
    }
    (rows, blocks)
}

fn own_html(html: &str) {
    for tag in html.split('<').skip(1) {
        let known = ["details>", "summary>", "/summary>", "/details>"];
        assert!(known.iter().any(|known| tag.starts_with(known)), "{html:?}");
    }
}

#[test]
fn a_summary_has_a_row_and_the_whole_text_for_each_finding() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    project.store("2.syncscope", Bank::read_again());
    let forms = Forms::of(&project, &[]);
    let (rows, blocks) = validate(forms.get("markdown"));
    assert_eq!((rows, blocks.len()), (2, 2));
    for block in blocks {
        assert!(forms.get("human").contains(block.trim_end()), "{block}");
    }
    assert!(forms.get("markdown").contains("failed&#58; "));
}
