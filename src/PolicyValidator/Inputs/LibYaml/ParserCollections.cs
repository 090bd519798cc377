using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.LibYaml;

/// <summary>Lists and mappings.</summary>
internal sealed partial class Parser
{
    private SequenceNode BlockSequence(Properties properties, bool isIndentless)
    {
        Enter();
        List<Node> items = [];
        int start = -1;
        if (!isIndentless)
        {
            Pop();
        }

        for (; scanner.Peek() is { Kind: TokenKind.BlockEntry } entry; start = start < 0 ? entry.Start : start)
        {
            Pop();
            bool isAbsent = Next is TokenKind.BlockEntry or TokenKind.BlockMappingEnd || (isIndentless && Next is TokenKind.Key or TokenKind.Value);
            items.Add(isAbsent ? Absent(Properties.None) : Value(isBlock: true, mayBeIndentless: false));
        }

        if (!isIndentless)
        {
            Close(TokenKind.BlockMappingEnd, "the '-' of the next item");
        }

        depth--;
        return properties.BlockSequence(start, items);
    }

    private MappingNode BlockMapping(Properties properties)
    {
        Enter();
        Pop();
        List<MappingEntry> entries = [];
        while (scanner.Peek() is { Kind: TokenKind.Key } key)
        {
            Pop();
            ScalarNode name = Key(EndsEntry() ? Absent(Properties.None) : Value(isBlock: true, mayBeIndentless: true), key.Start);
            entries.Add(new(name, BlockValue()));
        }

        Close(TokenKind.BlockMappingEnd, "the next key");
        depth--;
        return properties.BlockMapping(entries, lastEnd);
    }

    private Node BlockValue()
    {
        if (Next is not TokenKind.Value)
        {
            return Absent(Properties.None);
        }

        Pop();
        return EndsEntry() ? Absent(Properties.None) : Value(isBlock: true, mayBeIndentless: true);
    }

    private bool EndsEntry() => Next is TokenKind.Key or TokenKind.Value or TokenKind.BlockMappingEnd;

    private SequenceNode FlowSequence(Properties properties)
    {
        Enter();
        int start = Pop().Start;
        List<Node> items = [];
        while (Next is not TokenKind.FlowSequenceEnd)
        {
            if (items.Count > 0)
            {
                Close(TokenKind.FlowEntry, "',' or ']'");
            }

            if (Next is TokenKind.Key)
            {
                items.Add(Pair());
            }
            else if (Next is not TokenKind.FlowSequenceEnd)
            {
                items.Add(Value(isBlock: false, mayBeIndentless: false));
            }
        }

        Pop();
        depth--;
        return properties.Sequence(new(start, lastEnd), items, isFlow: true);
    }

    /// <summary>One entry as an item of a list in brackets.</summary>
    private MappingNode Pair()
    {
        Enter();
        int start = Pop().Start;
        bool isAbsent = Next is TokenKind.Value or TokenKind.FlowEntry or TokenKind.FlowSequenceEnd;
        if (isAbsent)
        {
            Pop(); // go-yaml passes over what it finds instead of the key
        }

        ScalarNode key = Key(isAbsent ? Absent(Properties.None) : Value(isBlock: false, mayBeIndentless: false), start);
        MappingEntry entry = new(key, FlowValue(TokenKind.FlowSequenceEnd));
        depth--;
        return Properties.None.Mapping(new(start, Math.Max(start, entry.End)), [entry], isFlow: true);
    }

    private MappingNode FlowMapping(Properties properties)
    {
        Enter();
        int start = Pop().Start;
        List<MappingEntry> entries = [];
        while (Next is not TokenKind.FlowMappingEnd)
        {
            if (entries.Count > 0)
            {
                Close(TokenKind.FlowEntry, "',' or '}'");
            }

            if (Next is TokenKind.Key)
            {
                int keyStart = Pop().Start;
                bool isAbsent = Next is TokenKind.Value or TokenKind.FlowEntry or TokenKind.FlowMappingEnd;
                ScalarNode key = Key(isAbsent ? Absent(Properties.None) : Value(isBlock: false, mayBeIndentless: false), keyStart);
                entries.Add(new(key, FlowValue(TokenKind.FlowMappingEnd)));
            }
            else if (Next is not TokenKind.FlowMappingEnd)
            {
                entries.Add(new(Key(Value(isBlock: false, mayBeIndentless: false), lastEnd), Absent(Properties.None)));
            }
        }

        Pop();
        depth--;
        return properties.Mapping(new(start, lastEnd), entries, isFlow: true);
    }

    private Node FlowValue(TokenKind end)
    {
        if (Next is not TokenKind.Value)
        {
            return Absent(Properties.None);
        }

        Pop();
        return Next is TokenKind.FlowEntry || Next == end ? Absent(Properties.None) : Value(isBlock: false, mayBeIndentless: false);
    }

    private static ScalarNode Key(Node node, int start)
    {
        if (node is not ScalarNode key)
        {
            throw Refusal.At(start, Math.Max(start, node.UseSpan.End), "a key that is a list or a mapping", "write the key as a plain word or in quotes");
        }

        return GoScalar.Key(key) is not null
            ? key
            : throw Refusal.At(key.UseSpan.Start, key.UseSpan.End, "a key that is null or a number beyond 64 bits", "put the key in quotes");
    }

    private void Close(TokenKind wanted, string words)
    {
        if (Next != wanted)
        {
            throw Misplaced(words);
        }

        Pop();
    }

    private void Enter()
    {
        if (++depth > InputLimits.MaxDepth)
        {
            throw Refusal.At(lastEnd, lastEnd, $"nested deeper than {InputLimits.MaxDepth} levels", "make it flatter");
        }
    }
}
