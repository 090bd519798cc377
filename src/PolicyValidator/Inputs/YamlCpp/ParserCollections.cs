using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>Lists and mappings.</summary>
internal sealed partial class Parser
{
    private SequenceNode BlockSequence(Properties properties)
    {
        int start = -1;
        Enter(isFlowSequence: false);
        List<Node> items = [];
        Pop();
        while (scanner.Peek() is not { Kind: TokenKind.BlockSequenceEnd })
        {
            if (scanner.Peek() is not { Kind: TokenKind.BlockEntry } entry)
            {
                throw Misplaced("the '-' of the next item");
            }

            start = start < 0 ? entry.Start : start;
            Pop();
            items.Add(Next is TokenKind.BlockEntry or TokenKind.BlockSequenceEnd ? Absent(Properties.None) : Value());
        }

        Leave();
        return properties.BlockSequence(start, items);
    }

    private SequenceNode FlowSequence(Properties properties)
    {
        Enter(isFlowSequence: true);
        List<Node> items = [];
        int start = Pop().Start;
        while (Next is not TokenKind.FlowSequenceEnd)
        {
            RequireMore(start, ']');
            items.Add(Value());
            Separate(start, TokenKind.FlowSequenceEnd, ']');
        }

        Leave();
        return properties.Sequence(new(start, lastEnd), items, isFlow: true);
    }

    private MappingNode BlockMapping(Properties properties)
    {
        Enter(isFlowSequence: false);
        List<MappingEntry> entries = [];
        Pop();
        while (Next is not TokenKind.BlockMappingEnd)
        {
            if (Next is not (TokenKind.Key or TokenKind.Value))
            {
                throw Misplaced("the next key");
            }

            entries.Add(Entry());
        }

        Leave();
        return properties.BlockMapping(entries, lastEnd);
    }

    private MappingNode FlowMapping(Properties properties)
    {
        Enter(isFlowSequence: false);
        List<MappingEntry> entries = [];
        int start = Pop().Start;
        while (Next is not TokenKind.FlowMappingEnd)
        {
            RequireMore(start, '}');
            entries.Add(Entry());
            Separate(start, TokenKind.FlowMappingEnd, '}');
        }

        Leave();
        return properties.Mapping(new(start, lastEnd), entries, isFlow: true);
    }

    /// <summary>One entry as an item of a list in brackets, or a value that begins with its colon.</summary>
    private MappingNode CompactMapping(int start, bool hasKey, Properties properties)
    {
        Enter(isFlowSequence: false);
        if (hasKey)
        {
            Pop();
        }

        ScalarNode key = hasKey ? KeyOf(Value(), start) : Absent(Properties.None);
        MappingEntry entry = new(key, EntryValue());
        areFlowSequences.Pop();
        return properties.Mapping(new(start, Math.Max(start, entry.End)), [entry], isFlow: true);
    }

    private MappingEntry Entry()
    {
        int start = scanner.Peek()!.Start;
        bool hasKey = Next is TokenKind.Key;
        if (hasKey)
        {
            Pop();
        }

        ScalarNode key = hasKey ? KeyOf(Value(), start) : new(new(start, start), "", ScalarStyle.Plain);
        return new(key, EntryValue());
    }

    private Node EntryValue()
    {
        if (Next is not TokenKind.Value)
        {
            return Absent(Properties.None);
        }

        Pop();
        return Value();
    }

    private static ScalarNode KeyOf(Node node, int start) => node as ScalarNode
        ?? throw Refusal.At(start, Math.Max(start, node.UseSpan.End), "a key that is a list or a mapping", "write the key as a plain word or in quotes");

    private void Enter(bool isFlowSequence)
    {
        areFlowSequences.Push(isFlowSequence);
        if (areFlowSequences.Count > InputLimits.MaxDepth)
        {
            int start = scanner.Peek()?.Start ?? scanner.Position;
            throw Refusal.At(start, start, $"nested deeper than {InputLimits.MaxDepth} levels", "make it flatter");
        }
    }

    private void Leave()
    {
        Pop();
        areFlowSequences.Pop();
    }

    private void RequireMore(int start, char close)
    {
        if (scanner.Peek() is null)
        {
            throw Refusal.At(start, start + 1, $"no '{close}' closes this", $"write '{close}' where it ends");
        }
    }

    private void Separate(int start, TokenKind end, char close)
    {
        RequireMore(start, close);
        if (Next is TokenKind.FlowEntry)
        {
            Pop();
        }
        else if (Next != end)
        {
            Token found = scanner.Peek()!;
            throw Refusal.At(found.Start, Math.Max(found.Start + 1, found.End), $"no ',' or '{close}' before this", "separate members by commas, put values with odd characters in quotes");
        }
    }

    private SyntaxException Misplaced(string wanted)
    {
        Token? found = scanner.Peek();
        int start = found?.Start ?? scanner.Position;
        return Refusal.At(start, Math.Max(start, found?.End ?? start), $"something else stands where {wanted} should", "check the indentation here and on the line above, and put values with odd characters in quotes");
    }
}
