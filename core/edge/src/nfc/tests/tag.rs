//! A Type 2 tag such as NTAG213, and the field that it is held in.

/// How a chip answers a command.
pub(super) enum Answer {
    /// With these bytes.
    Bytes(Vec<u8>),
    /// It refuses (NAK).
    Nak,
    /// Not at all.
    Silence,
}

/// A tag with its memory from page 0 on.
#[derive(Clone)]
pub(super) struct Tag {
    pub(super) uid: [u8; 7],
    pub(super) sak: u8,
    pub(super) memory: Vec<u8>,
    /// It is taken away once so many pages were read.
    pub(super) leaves_after: Option<u32>,
    /// It refuses from this page on.
    pub(super) refuses_from: Option<u8>,
}

impl Tag {
    /// An NTAG213 (45 pages) with this message.
    pub(super) fn with(message: &[u8]) -> Self {
        let uid = [0x04, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56];
        // UID with its check bytes (BCC), lock bytes, capability container: 144 bytes of data.
        let mut memory = vec![uid[0], uid[1], uid[2], 0x88 ^ uid[0] ^ uid[1] ^ uid[2]];
        memory.extend(&uid[3..]);
        memory.extend([uid[3] ^ uid[4] ^ uid[5] ^ uid[6], 0x48, 0, 0]);
        memory.extend([0xe1, 0x10, 0x12, 0x00]);
        memory.extend([0x03, u8::try_from(message.len()).unwrap()]);
        memory.extend(message);
        memory.push(0xfe);
        memory.resize(45 * 4, 0);
        Self { uid, sak: 0, memory, leaves_after: None, refuses_from: None }
    }

    fn answers(&self, command: &[u8]) -> Answer {
        let [0x30, page] = command else { return Answer::Nak };
        let at = usize::from(*page) * 4;
        if at >= self.memory.len() || self.refuses_from.is_some_and(|from| *page >= from) {
            return Answer::Nak;
        }
        // Behind the last page comes the first (NTAG213/215/216 data sheet, section 10.2).
        let bytes = self.memory.iter().cycle().skip(at).take(16);
        Answer::Bytes(bytes.copied().collect())
    }
}

/// What is before the antenna.
#[derive(Default)]
pub(super) struct Field {
    tag: Option<Tag>,
    /// Whether it was selected since it came, and refused nothing since.
    active: bool,
    /// Pages that were read of it.
    reads: u32,
    /// How often a tag was selected.
    pub(super) selections: u32,
}

impl Field {
    /// Puts a tag there, or takes it away.
    pub(super) fn hold(&mut self, tag: Option<Tag>) {
        *self = Self { tag, selections: self.selections, ..Self::default() };
    }

    /// The tag that answers to REQA and anticollision.
    pub(super) fn select(&mut self) -> Option<&Tag> {
        self.active = self.tag.is_some();
        self.selections += u32::from(self.active);
        self.tag.as_ref()
    }

    pub(super) fn exchange(&mut self, command: &[u8]) -> Answer {
        let Some(tag) = self.tag.as_ref().filter(|_| self.active) else { return Answer::Silence };
        if tag.leaves_after.is_some_and(|most| self.reads >= most) {
            self.hold(None);
            return Answer::Silence;
        }
        self.reads += 1;
        let answer = tag.answers(command);
        self.active = matches!(answer, Answer::Bytes(_));
        answer
    }
}
