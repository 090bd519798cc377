using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.LibYaml;

/// <summary>Tokens to nodes as go-yaml makes them; aliases become copies of their anchors.</summary>
/// <param name="text">The text of one document or more, which ends in a line break: go-yaml reads the first document.</param>
/// <param name="nodesBefore">Values that were read before in the same file.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed partial class Parser(string text, int nodesBefore, CancellationToken cancellation)
{
    private readonly Scanner scanner = new(text);
    private readonly Dictionary<string, string> handles = new(StringComparer.Ordinal);
    private readonly Anchors anchors = new(Refusal.At);
    private int depth;
    private int lastEnd;

    /// <summary>Where text stands that belongs to no document that is read; null when there is none.</summary>
    public int? Leftover { get; private set; }

    /// <summary>Values that were read so far.</summary>
    public int Nodes { get; private set; } = nodesBefore;

    /// <summary>The first document; null when there is none.</summary>
    /// <exception cref="SyntaxException">go-yaml does not read it.</exception>
    public Node? Document()
    {
        Directives();
        if (Next is null)
        {
            return null;
        }

        bool isMarked = Next is TokenKind.DocumentStart;
        if (isMarked)
        {
            Pop();
        }

        bool isAbsent = isMarked && Next is TokenKind.Directive or TokenKind.DocumentStart or TokenKind.DocumentEnd or null;
        Node root = isAbsent ? Absent(Properties.None) : Value(isBlock: true, mayBeIndentless: false);
        bool isEnded = Next is TokenKind.DocumentEnd;
        if (isEnded)
        {
            Pop();
        }

        Leftover = isEnded ? Behind(lastEnd) : scanner.Peek()?.Start;
        return root;
    }

    /// <summary>Behind three dots go-yaml looks at nothing, so what stands there may be anything.</summary>
    private int? Behind(int end)
    {
        string[] lines = text[end..].Split('\n');
        int line = Array.FindIndex(lines, each => each.TrimStart() is not ([] or ['#', ..] or "..."));
        return line < 0 ? null : end + lines.Take(line).Sum(each => each.Length + 1);
    }

    private TokenKind? Next => scanner.Peek()?.Kind;

    private void Directives()
    {
        bool hasVersion = false, any = false;
        for (; scanner.Peek() is { Kind: TokenKind.Directive } directive; any = true)
        {
            bool isVersion = directive.Value == "YAML";
            bool fits = isVersion ? !hasVersion && directive.Words is ["1" or "01", "1" or "01"] : handles.TryAdd(directive.Words[0], directive.Words[1]);
            if (!fits)
            {
                throw Refusal.At(directive.Start, directive.End, "a second line of this kind, or a version other than 1.1", "write %YAML 1.1 once, or remove the line");
            }

            hasVersion |= isVersion;
            Pop();
        }

        if (any && Next is not TokenKind.DocumentStart)
        {
            throw Refusal.At(0, 0, "lines with '%' that are not followed by '---'", "remove them: kubectl cuts the file at '---', and each piece is read alone");
        }

        handles.TryAdd("!", "!");
        handles.TryAdd("!!", "tag:yaml.org,2002:");
    }

    private Token Pop()
    {
        Token popped = scanner.Pop()!;
        lastEnd = Math.Max(lastEnd, popped.End);
        return popped;
    }

    private Node Value(bool isBlock, bool mayBeIndentless)
    {
        cancellation.ThrowIfCancellationRequested();
        if (++Nodes > InputLimits.MaxNodes)
        {
            throw Refusal.At(lastEnd, lastEnd, $"more than {InputLimits.MaxNodes} values", "split the file");
        }

        if (Next is TokenKind.Alias)
        {
            Token alias = Pop();
            return anchors.Copy(alias.Value, new(alias.Start, alias.End));
        }

        Properties properties = ReadProperties();
        Anchors.Anchored? anchored = anchors.Begin(properties.Anchor);
        Node node = Content(properties, isBlock, mayBeIndentless);
        anchored?.Value = node;
        return node;
    }

    private Node Content(Properties properties, bool isBlock, bool mayBeIndentless)
    {
        switch (Next)
        {
            case TokenKind.BlockEntry when mayBeIndentless:
                return BlockSequence(properties, isIndentless: true);
            case TokenKind.PlainScalar or TokenKind.OtherScalar:
                Token scalar = Pop();
                return Checked(properties.Scalar(new(scalar.Start, scalar.End), scalar.Value, scalar.Style, isOfKubernetes: true));
            case TokenKind.FlowSequenceStart:
                return FlowSequence(properties);
            case TokenKind.FlowMappingStart:
                return FlowMapping(properties);
            case TokenKind.BlockSequenceStart when isBlock:
                return BlockSequence(properties, isIndentless: false);
            case TokenKind.BlockMappingStart when isBlock:
                return BlockMapping(properties);
            default:
                return properties == Properties.None ? throw Misplaced("a value") : Absent(properties);
        }
    }

    private ScalarNode Absent(Properties properties) =>
        Checked(properties.Scalar(new(lastEnd, lastEnd), "", ScalarStyle.Plain, isOfKubernetes: true));

    /// <summary>A tag that does not fit its value ends the reading, wherever it stands.</summary>
    private static ScalarNode Checked(ScalarNode scalar) => GoScalar.Problem(scalar) is { } problem
        ? throw Refusal.At(scalar.Span.Start, scalar.Span.End, problem, "remove the tag, or write a value that it fits")
        : scalar;

    private Properties ReadProperties()
    {
        (string? tag, string? anchor) = (null, null);
        while (scanner.Peek() is { Kind: TokenKind.Tag or TokenKind.Anchor } property && (property.Kind == TokenKind.Tag ? tag : anchor) is null)
        {
            (tag, anchor) = property.Kind == TokenKind.Tag ? (Resolve(property), anchor) : (tag, property.Value);
            Pop();
        }

        return tag is null && anchor is null ? Properties.None : new(tag, anchor);
    }

    private string Resolve(Token tag) => tag.Form == TagForm.Verbatim ? tag.Value
        : handles.TryGetValue(tag.Value, out string? prefix) ? prefix + tag.Words[0]
        : throw Refusal.At(tag.Start, tag.End, $"the handle {tag.Value} of this tag is not defined", "define it by a %TAG line, or remove the tag");

    private SyntaxException Misplaced(string wanted)
    {
        Token? found = scanner.Peek();
        int start = found?.Start ?? lastEnd;
        return Refusal.At(start, Math.Max(start, found?.End ?? start), $"something else stands where {wanted} should", "check the indentation here and on the line above, and put values with odd characters in quotes");
    }
}
