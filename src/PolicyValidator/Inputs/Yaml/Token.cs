namespace PolicyValidator.Inputs.Yaml;

/// <summary>What a piece of text is to a reader of YAML.</summary>
internal enum TokenKind
{
    Directive,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockSequenceEnd,
    BlockMappingEnd,
    BlockEntry,
    FlowSequenceStart,
    FlowMappingStart,
    FlowSequenceEnd,
    FlowMappingEnd,
    FlowEntry,
    Key,
    Value,
    Anchor,
    Alias,
    Tag,
    PlainScalar,
    OtherScalar,
}

/// <summary>Whether a token counts: that of a key without a question mark is known only at its colon.</summary>
internal enum TokenStatus
{
    Valid,
    Invalid,
    Unverified,
}

/// <summary>A token with its place.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins.</param>
internal sealed record Token(TokenKind Kind, int Start)
{
    /// <summary>Where it ends.</summary>
    public int End { get; init; } = Start;

    /// <summary>A scalar's value, a name, a tag.</summary>
    public string Value { get; init; } = "";

    /// <summary>How a scalar is written.</summary>
    public ScalarStyle Style { get; init; }

    /// <summary>The words of a directive; of a tag with a handle, what follows the handle.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What kind of tag it is.</summary>
    public TagForm Form { get; init; }

    /// <summary>Whether it counts.</summary>
    public TokenStatus Status { get; set; }
}

/// <summary>The forms of tags, which are looked up in different ways.</summary>
internal enum TagForm
{
    NonSpecific,
    Verbatim,
    Primary,
    Secondary,
    Named,
}
