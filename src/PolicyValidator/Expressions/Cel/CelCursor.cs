namespace PolicyValidator.Expressions.Cel;

/// <summary>A place among the words of an expression.</summary>
internal sealed class CelCursor(List<CelToken> tokens)
{
    private int at;

    /// <summary>The word here.</summary>
    public CelToken Current => tokens[at];

    /// <summary>The word <paramref name="count"/> places on.</summary>
    public CelToken Ahead(int count) => tokens[Math.Min(at + count, tokens.Count - 1)];

    /// <summary>Takes the word here.</summary>
    public CelToken Take() => tokens[at++];

    /// <summary>Takes the word here if it is this one.</summary>
    public bool TryTake(string text)
    {
        bool taken = Current.Is(text);
        at += taken ? 1 : 0;
        return taken;
    }

    /// <summary>Takes this word, or refuses what stands in its place.</summary>
    public void Expect(string text)
    {
        if (!TryTake(text))
        {
            throw Unexpected($"\"{text}\"");
        }
    }

    /// <summary>Takes the name of a field.</summary>
    public CelToken FieldName(bool quotedNames) => Current.Kind switch
    {
        CelTokenKind.Identifier => Take(),
        CelTokenKind.QuotedIdentifier when quotedNames => Take(),
        CelTokenKind.QuotedIdentifier => throw CelException.Syntax(Current, $"{Current.Text} is a name in backquotes, which Envoy reads since 1.40 only; write [\"{Current.Text.Trim('`')}\"]"),
        CelTokenKind.Keyword => throw CelException.Syntax(Current, $"\"{Current.Text}\" is a word of CEL and cannot name a field; write [\"{Current.Text}\"]"),
        _ => throw Unexpected("the name of a field"),
    };

    /// <summary>Refuses the question mark of optional syntax.</summary>
    public void RefuseOptional()
    {
        if (Current.Is("?"))
        {
            throw CelException.Syntax(Current, "\"?\" stands for optional fields and entries here, which Envoy does not read; test with has(…) or compare");
        }
    }

    /// <summary>The error for the word here.</summary>
    public CelException Unexpected(string expected) =>
        CelException.Syntax(Current, $"{Current.Quoted} stands where CEL expects {expected}");
}
