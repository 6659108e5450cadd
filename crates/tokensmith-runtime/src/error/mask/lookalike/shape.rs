//! Telling random letters and digits from words, numbers and names.

/// What a run of letters and digits is made of.
#[derive(Default)]
pub(super) struct Shape {
    lower: usize,
    upper: usize,
    digits: usize,
    pub(super) others: usize,
    /// How many groups of digits a letter follows.
    inner_digits: usize,
    /// The parts of a name in camel case, and those of them that have one or two letters.
    humps: usize,
    short_humps: usize,
}

impl Shape {
    pub(super) fn of(atom: &str) -> Self {
        let mut shape = Self::default();
        let mut hump = 0;
        let mut last = b' ';
        for byte in atom.bytes() {
            match byte {
                b'a'..=b'z' => shape.lower += 1,
                b'A'..=b'Z' => shape.upper += 1,
                b'0'..=b'9' => shape.digits += 1,
                _ => shape.others += 1,
            }
            if byte.is_ascii_alphabetic() {
                shape.inner_digits += usize::from(last.is_ascii_digit());
                if byte.is_ascii_uppercase() && last.is_ascii_lowercase() {
                    shape.end_hump(hump);
                    hump = 0;
                }
                hump += 1;
            }
            last = byte;
        }
        shape.end_hump(hump);
        shape
    }

    fn end_hump(&mut self, length: usize) {
        self.humps += usize::from(length > 0);
        self.short_humps += usize::from((1..=2).contains(&length));
    }

    fn length(&self) -> usize {
        self.lower + self.upper + self.digits + self.others
    }

    /// Letters and digits in one.
    pub(super) fn is_mixed(&self) -> bool {
        self.digits > 0 && self.lower + self.upper > 0
    }

    /// Mixed otherwise than `v2` or `AADSTS50076` are.
    pub(super) fn is_odd(&self) -> bool {
        self.is_mixed() && (self.inner_digits > 0 || self.length() >= 8 && self.lower > 0)
    }

    pub(super) fn is_random(&self) -> bool {
        let length = self.length();
        let letters = self.lower + self.upper;
        let is_cased = self.lower > 0 && self.upper > 0;
        let by_digits = self.is_mixed()
            && (self.inner_digits >= 2 && length >= 8
                || self.inner_digits >= 1 && length >= 16
                || self.inner_digits >= 1 && is_cased && length >= 10
                || length >= 24);
        let by_case = is_cased && self.humps >= 4 && self.short_humps * 2 > self.humps;
        let by_length = self.digits >= 16 && letters == 0
            || self.upper >= 32 && self.lower == 0
            || length >= 40 && self.humps < 4;
        by_digits || by_case || by_length
    }
}
