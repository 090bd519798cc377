namespace PolicyValidator.Expressions.Cel;

/// <summary>A part of a parsed expression.</summary>
internal abstract record CelNode(CelToken Token)
{
    /// <summary>What it is made of, in order.</summary>
    public virtual IReadOnlyList<CelNode> Children => [];

    /// <summary>How deep it is nested: 1 for a constant or a name.</summary>
    public int Depth => depth ??= 1 + Children.Select(child => child.Depth).DefaultIfEmpty(0).Max();

    /// <summary>What it stands for: an even number of signs before a thing is that thing, only one level deeper.</summary>
    public virtual CelNode Meaning => this;

    private int? depth;
}

/// <summary>Something with an even number of <c>!</c> or <c>-</c> before it.</summary>
internal sealed record CelDoubled(CelToken Token, CelNode Operand) : CelNode(Token)
{
    /// <inheritdoc/>
    public override IReadOnlyList<CelNode> Children => [Operand];

    /// <inheritdoc/>
    public override CelNode Meaning => Operand.Meaning;
}

/// <summary>A constant; <paramref name="Text"/> is the value of a string.</summary>
internal sealed record CelConstant(CelToken Token, string? Text) : CelNode(Token);

/// <summary>A name, with its leading dot if it has one.</summary>
internal sealed record CelIdentifier(CelToken Token, string Name) : CelNode(Token);

/// <summary>A field of something.</summary>
internal sealed record CelSelect(CelToken Token, CelNode Operand, string Field) : CelNode(Token)
{
    /// <inheritdoc/>
    public override IReadOnlyList<CelNode> Children => [Operand];
}

/// <summary>A call, of a function or (with a target) of a method.</summary>
internal sealed record CelCall(CelToken Token, CelNode? Target, string Function, IReadOnlyList<CelNode> Arguments) : CelNode(Token)
{
    /// <inheritdoc/>
    public override IReadOnlyList<CelNode> Children => Target is null ? Arguments : [Target, .. Arguments];
}

/// <summary>Operators, indexes, lists and maps: accepted with whatever they hold.</summary>
internal sealed record CelComposite(CelToken Token, IReadOnlyList<CelNode> Parts) : CelNode(Token)
{
    /// <inheritdoc/>
    public override IReadOnlyList<CelNode> Children => Parts;
}

/// <summary>A message of a named type.</summary>
internal sealed record CelMessage(CelToken Token, string Type, IReadOnlyList<CelField> Fields) : CelNode(Token)
{
    /// <inheritdoc/>
    public override IReadOnlyList<CelNode> Children => [.. Fields.Select(entry => entry.Value)];
}

/// <summary>A field of a message literal.</summary>
internal readonly record struct CelField(CelToken Token, string Name, CelNode Value);
