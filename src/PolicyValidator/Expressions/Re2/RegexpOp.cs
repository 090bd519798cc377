namespace PolicyValidator.Expressions.Re2;

/// <summary>What a node of a parsed pattern matches; RE2's own vocabulary.</summary>
internal enum RegexpOp
{
    NoMatch,
    EmptyMatch,
    Literal,
    LiteralString,
    Concat,
    Alternate,
    Star,
    Plus,
    Quest,
    Repeat,
    Capture,
    AnyChar,
    AnyByte,
    BeginLine,
    EndLine,
    WordBoundary,
    NoWordBoundary,
    BeginText,
    EndText,
    CharClass,

    /// <summary>Only on the parser's stack: an open group.</summary>
    LeftParen,

    /// <summary>Only on the parser's stack: what stands below is a branch of an alternation.</summary>
    VerticalBar,
}

/// <summary>The flags in force where a node was written; RE2 compares them when it merges nodes.</summary>
[Flags]
internal enum RegexpFlags
{
    None = 0,
    FoldCase = 1,

    /// <summary><c>^</c> and <c>$</c> stand for the ends of the text; <c>(?m)</c> clears it.</summary>
    OneLine = 2,

    /// <summary><c>.</c> matches a newline: <c>(?s)</c>.</summary>
    DotNewline = 4,
    NonGreedy = 8,

    /// <summary>An end of text that was written as <c>$</c>, not as <c>\z</c>: the two are not merged.</summary>
    WasDollar = 16,
}
