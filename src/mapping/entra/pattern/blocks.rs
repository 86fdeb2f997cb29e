//! What `\p{...}` can name: categories and blocks of Unicode, as .NET spells them.

/// Categories of Unicode.
pub(super) const CATEGORIES: &[&str] = &[
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc",
    "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C",
    "Cc", "Cf", "Co", "Cn",
];

/// Blocks by their .NET name, with first and last character.
pub(super) const BLOCKS: &[(&str, u32, u32)] = &[
    ("IsBasicLatin", 0x0, 0x7f),
    ("IsLatin-1Supplement", 0x80, 0xff),
    ("IsLatinExtended-A", 0x100, 0x17f),
    ("IsLatinExtended-B", 0x180, 0x24f),
    ("IsCombiningDiacriticalMarks", 0x300, 0x36f),
    ("IsGreek", 0x370, 0x3ff),
    ("IsGreekandCoptic", 0x370, 0x3ff),
    ("IsCyrillic", 0x400, 0x4ff),
    ("IsArmenian", 0x530, 0x58f),
    ("IsHebrew", 0x590, 0x5ff),
    ("IsArabic", 0x600, 0x6ff),
    ("IsDevanagari", 0x900, 0x97f),
    ("IsThai", 0xe00, 0xe7f),
    ("IsGeorgian", 0x10a0, 0x10ff),
    ("IsLatinExtendedAdditional", 0x1e00, 0x1eff),
    ("IsGreekExtended", 0x1f00, 0x1fff),
    ("IsGeneralPunctuation", 0x2000, 0x206f),
    ("IsHiragana", 0x3040, 0x309f),
    ("IsKatakana", 0x30a0, 0x30ff),
    ("IsCJKUnifiedIdeographs", 0x4e00, 0x9fff),
    ("IsHangulSyllables", 0xac00, 0xd7af),
];
