namespace PolicyValidator.Expressions.Cel;

/// <summary>The kinds of words of an expression.</summary>
internal enum CelTokenKind
{
    Identifier,

    /// <summary>A field name in backquotes.</summary>
    QuotedIdentifier,

    /// <summary><c>true</c>, <c>false</c>, <c>null</c> or <c>in</c>: never a name, not even of a field.</summary>
    Keyword,
    Int,
    Uint,
    Float,
    String,
    Bytes,

    /// <summary>An operator or a bracket.</summary>
    Symbol,
    End,
}

/// <summary>A word of an expression, and where it begins in UTF-16 units.</summary>
internal readonly record struct CelToken(CelTokenKind Kind, string Text, int Offset)
{
    /// <summary>Whether it is this operator, bracket or keyword.</summary>
    public bool Is(string text) => Kind is CelTokenKind.Symbol or CelTokenKind.Keyword && Text == text;

    /// <summary>How to name it in a message.</summary>
    public string Quoted => Kind == CelTokenKind.End ? "the end of the expression" : $"\"{Text}\"";
}
