//! Hangs: an image is loaded while the input is borrowed.

use egui::{ColorImage, Context, TextureFilter};

fn main() {
    let context = Context::default();
    let _output = context.run(Default::default(), |context| {
        let input = context.input_mut();
        let _texture = context.load_texture("image", ColorImage::example(), TextureFilter::Linear);
        drop(input);
    });
    println!("did not hang");
}
