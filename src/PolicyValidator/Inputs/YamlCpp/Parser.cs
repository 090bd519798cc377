using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>Tokens to nodes as yaml-cpp's parser makes them; aliases become copies of their anchors.</summary>
internal sealed partial class Parser(Scanner scanner, CancellationToken cancellation)
{
    private readonly Anchors anchors = new(Refusal.At);
    private readonly Stack<bool> areFlowSequences = [];
    private Directives directives = new();
    private int lastEnd;
    private int nodes;

    /// <summary>Where text stands that belongs to no document; null when there is none.</summary>
    public int? Leftover { get; private set; }

    /// <summary>Whether one more document begins.</summary>
    /// <exception cref="SyntaxException">What comes is nothing that yaml-cpp knows.</exception>
    public bool HasMore()
    {
        bool isFirst = true;
        for (; scanner.Peek() is { Kind: TokenKind.Directive } directive; Pop())
        {
            directives = isFirst ? new() : directives;
            isFirst = false;
            directives.Add(directive);
        }

        return scanner.Peek() is not null && Leftover is null;
    }

    /// <summary>Reads the document that begins.</summary>
    /// <exception cref="SyntaxException">yaml-cpp does not read it.</exception>
    public Node Document()
    {
        anchors.Clear();
        if (Next is TokenKind.DocumentStart)
        {
            Pop();
        }

        Node root = Value();
        while (Next is TokenKind.DocumentEnd)
        {
            Pop();
        }

        Leftover = scanner.Peek() is { Kind: not (TokenKind.DocumentStart or TokenKind.Directive) } left ? left.Start : null;
        return root;
    }

    private TokenKind? Next => scanner.Peek()?.Kind;

    private Token Pop()
    {
        Token popped = scanner.Pop()!;
        lastEnd = Math.Max(lastEnd, popped.End);
        return popped;
    }

    private Node Value()
    {
        cancellation.ThrowIfCancellationRequested();
        if (++nodes > InputLimits.MaxNodes)
        {
            throw Refusal.At(lastEnd, lastEnd, $"more than {InputLimits.MaxNodes} values", "split the file");
        }

        switch (scanner.Peek())
        {
            case { Kind: TokenKind.Value } colon:
                return CompactMapping(colon.Start, hasKey: false, Properties.None);
            case { Kind: TokenKind.Alias }:
                Token alias = Pop();
                return anchors.Copy(alias.Value, new(alias.Start, alias.End));
        }

        Properties properties = ReadProperties();
        Anchors.Anchored? anchored = anchors.Begin(properties.Anchor);
        Node node = Content(properties);
        anchored?.Value = node;
        return node;
    }

    private Node Content(Properties properties)
    {
        switch (scanner.Peek())
        {
            case { Kind: TokenKind.PlainScalar or TokenKind.OtherScalar }:
                Token scalar = Pop();
                return properties.Scalar(new(scalar.Start, scalar.End), scalar.Value, scalar.Style);
            case { Kind: TokenKind.FlowSequenceStart }:
                return FlowSequence(properties);
            case { Kind: TokenKind.BlockSequenceStart }:
                return BlockSequence(properties);
            case { Kind: TokenKind.FlowMappingStart }:
                return FlowMapping(properties);
            case { Kind: TokenKind.BlockMappingStart }:
                return BlockMapping(properties);
            case { Kind: TokenKind.Key } key when areFlowSequences.TryPeek(out bool isFlowSequence) && isFlowSequence:
                return CompactMapping(key.Start, hasKey: true, properties);
            default:
                return Absent(properties);
        }
    }

    private ScalarNode Absent(Properties properties) => properties.Scalar(new(lastEnd, lastEnd), "", ScalarStyle.Plain);

    private Properties ReadProperties()
    {
        (string? tag, string? anchor) = (null, null);
        while (scanner.Peek() is { Kind: TokenKind.Tag or TokenKind.Anchor } property)
        {
            bool isTag = property.Kind == TokenKind.Tag;
            if ((isTag ? tag : anchor) is not null)
            {
                throw Refusal.At(property.Start, property.End, $"two {(isTag ? "tags" : "anchors")} before one value", "keep one of them");
            }

            (tag, anchor) = isTag ? (directives.Resolve(property), anchor) : (tag, property.Value);
            Pop();
        }

        return new(tag, anchor);
    }
}
