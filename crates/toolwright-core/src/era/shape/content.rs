use crate::{
    era::Era,
    model::{AudioContent, ContentBlock, GetPromptResult, ReadResourceResult, Resource, ResourceContents},
};

impl Era {
    /// Shapes content blocks: kinds that the revision lacks become text.
    pub fn shape_content(self, blocks: &mut [ContentBlock]) {
        if self.titles() && self.draws_icons() {
            return;
        }
        for block in blocks {
            self.shape_block(block);
        }
    }

    /// Shapes the messages of a prompt.
    pub fn shape_prompt_result(self, result: &mut GetPromptResult) {
        for message in &mut result.messages {
            self.shape_block(&mut message.content);
        }
    }

    /// Shapes what was read.
    pub fn shape_contents(self, result: &mut ReadResourceResult) {
        if !self.titles() {
            result.contents.iter_mut().for_each(forget_meta);
        }
    }

    fn shape_block(self, block: &mut ContentBlock) {
        match block {
            ContentBlock::Audio(audio) if !self.plays_audio() => *block = ContentBlock::text(in_words(audio)),
            ContentBlock::ResourceLink(link) if !self.links_resources() => {
                *block = ContentBlock::text(as_text(link))
            }
            ContentBlock::ResourceLink(link) => self.shape_resource(link),
            ContentBlock::Text(text) if !self.titles() => text.meta = None,
            ContentBlock::Image(image) if !self.titles() => image.meta = None,
            ContentBlock::Audio(audio) if !self.titles() => audio.meta = None,
            ContentBlock::Resource(embedded) if !self.titles() => {
                embedded.meta = None;
                forget_meta(&mut embedded.resource);
            }
            _ => {}
        }
    }
}

fn forget_meta(contents: &mut ResourceContents) {
    match contents {
        ResourceContents::Text(text) => text.meta = None,
        ResourceContents::Blob(blob) => blob.meta = None,
    }
}

fn in_words(audio: &AudioContent) -> String {
    format!("[audio of type {}; this protocol revision cannot carry it]", audio.mime_type)
}

fn as_text(link: &Resource) -> String {
    match &link.description {
        Some(description) => format!("{}: {} ({description})", link.name, link.uri),
        None => format!("{}: {}", link.name, link.uri),
    }
}
