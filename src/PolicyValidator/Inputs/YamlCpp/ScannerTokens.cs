using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>One function a kind of token.</summary>
internal sealed partial class Scanner
{
    private static readonly ScalarForm SingleQuoted = new(Folding.Flow) { Quote = '\'', Ends = at => at.Here == '\'' && at.Ahead(1) != '\'' };
    private static readonly ScalarForm DoubleQuoted = new(Folding.Flow) { Quote = '"', Ends = at => at.Here == '"' };
    private static readonly ScalarForm PlainInFlow = new(Folding.Flow) { Chomping = Chomping.Strip, Ends = Characters.EndsPlainInFlow };

    private void ScanDocumentLine()
    {
        int start = at.At;
        if (at.Here != '%')
        {
            TokenKind kind = at.Here == '-' ? TokenKind.DocumentStart : TokenKind.DocumentEnd;
            at.Skip(3);
            tokens.Enqueue(new(kind, start) { End = at.At });
            return;
        }

        List<string> words = [];
        at.Take();
        do
        {
            words.Add(Word());
            at.SkipBlanks();
        }
        while (!at.IsAtEnd && !at.IsAtBreak && at.Here != '#');
        tokens.Enqueue(new(TokenKind.Directive, start) { End = at.At, Value = words[0], Words = words[1..] });
    }

    private string Word()
    {
        List<char> word = [];
        while (!at.IsAtEnd && !Characters.IsBlankOrBreak(at.Here))
        {
            word.Add(at.Take());
        }

        return new([.. word]);
    }

    private void ScanFlowStart()
    {
        OpenSimpleKey();
        (simpleKeyAllowed, afterJsonLike) = (true, false);
        int start = at.At;
        TokenKind kind = at.Take() == '[' ? TokenKind.FlowSequenceStart : TokenKind.FlowMappingStart;
        flows.Push(kind);
        if (flows.Count > InputLimits.MaxDepth)
        {
            throw Refusal.At(start, start, $"nested deeper than {InputLimits.MaxDepth} levels", "make it flatter");
        }

        tokens.Enqueue(new(kind, start) { End = at.At });
    }

    private void ScanFlowEnd()
    {
        int start = at.At;
        if (!IsInFlow)
        {
            throw Refusal.At(start, start + 1, $"'{(char)at.Here}' closes nothing", "remove it, or put the value in quotes");
        }

        EndFlowMember();
        (simpleKeyAllowed, afterJsonLike) = (false, true);
        char close = at.Take();
        TokenKind open = flows.Pop();
        if ((open == TokenKind.FlowSequenceStart) != (close == ']'))
        {
            throw Refusal.At(start, start + 1, $"'{close}' where '{(close == ']' ? '}' : ']')}' should close what is open", "close brackets and braces in the order in which they were opened");
        }

        tokens.Enqueue(new(close == ']' ? TokenKind.FlowSequenceEnd : TokenKind.FlowMappingEnd, start) { End = at.At });
    }

    private void ScanFlowEntry()
    {
        if (at.Column == 0 && release >= YamlCppRelease.V09)
        {
            throw Refusal.At(at.At, at.At + 1, "a comma at the beginning of a line", "put it behind the member before it");
        }

        RequireScalarAllowed();
        if (IsInFlow)
        {
            EndFlowMember();
        }

        (simpleKeyAllowed, afterJsonLike) = (true, false);
        tokens.Enqueue(new(TokenKind.FlowEntry, at.At) { End = at.At + 1 });
        at.Take();
    }

    /// <summary>A key may stand alone in braces.</summary>
    private void EndFlowMember()
    {
        if (flows.Peek() != TokenKind.FlowMappingStart)
        {
            simpleKeys.Invalidate(flows.Count);
        }
        else if (simpleKeys.Verify(flows.Count, at))
        {
            tokens.Enqueue(new(TokenKind.Value, at.At));
        }
    }

    private void ScanBlockEntry()
    {
        if (IsInFlow)
        {
            throw Refusal.At(at.At, at.At + 1, "'-' in brackets", "separate items by commas there, or put the value in quotes");
        }

        RequireKeyAllowed("'-'");
        PushIndentation(at.Column, TokenKind.BlockSequenceStart);
        (simpleKeyAllowed, afterJsonLike) = (true, false);
        Indicator(TokenKind.BlockEntry);
    }

    private void ScanKey()
    {
        if (!IsInFlow)
        {
            RequireKeyAllowed("'?'");
            PushIndentation(at.Column, TokenKind.BlockMappingStart);
        }

        simpleKeyAllowed = !IsInFlow;
        Indicator(TokenKind.Key);
    }

    private void ScanValue()
    {
        bool isSimple = simpleKeys.Verify(flows.Count, at);
        afterJsonLike = false;
        if (!isSimple && !IsInFlow)
        {
            RequireKeyAllowed("':'");
            PushIndentation(at.Column, TokenKind.BlockMappingStart);
        }

        (simpleKeyAllowed, scalarAllowed) = (!isSimple && !IsInFlow, true);
        Indicator(TokenKind.Value);
    }

    private void Indicator(TokenKind kind)
    {
        tokens.Enqueue(new(kind, at.At) { End = at.At + 1 });
        at.Take();
    }

    /// <summary>Keys and items begin lines, or stand behind spaces and indicators.</summary>
    private void RequireKeyAllowed(string indicator)
    {
        if (!simpleKeyAllowed)
        {
            throw barringTab >= 0
                ? Refusal.At(barringTab, barringTab + 1, "a tab on the way to a key or an item", "use spaces: no key and no '-' may follow a tab on its line")
                : Refusal.At(at.At, at.At + 1, $"{indicator} where no key or item can begin", "put the value in quotes, or begin a new line");
        }
    }

    private void ScanAnchorOrAlias()
    {
        OpenSimpleKey();
        (simpleKeyAllowed, afterJsonLike) = (false, false);
        int start = at.At;
        TokenKind kind = at.Take() == '*' ? TokenKind.Alias : TokenKind.Anchor;
        List<char> name = [];
        while (!at.IsAtEnd && Characters.IsInAnchor(at.Here))
        {
            name.Add(at.Take());
        }

        if (name.Count == 0 || (!at.IsAtEnd && !Characters.MayFollowAnchor(at.Here)))
        {
            throw Refusal.At(start, at.At, name.Count == 0 ? "an anchor or alias without a name" : "a bracket in the name of an anchor or alias", "write letters and digits behind & or *, or put the value in quotes");
        }

        tokens.Enqueue(new(kind, start) { End = at.At, Value = new([.. name]) });
    }

    private void ScanTag()
    {
        OpenSimpleKey();
        (simpleKeyAllowed, afterJsonLike) = (false, false);
        tokens.Enqueue(TagScanner.Scan(at));
    }

    private void ScanPlain()
    {
        int start = at.At;
        if (!(IsInFlow ? Characters.BeginsPlainInFlow(at) : Characters.BeginsPlain(at)))
        {
            throw Refusal.At(start, start + 1, $"'{(char)at.Here}' cannot begin a value here", "put the value in quotes");
        }

        ScalarForm form = IsInFlow ? PlainInFlow : new(Folding.Flow) { Chomping = Chomping.Strip, Ends = Characters.EndsPlain, Indent = indentations.Peek().Column + 1 };
        OpenSimpleKey();
        ScalarScanner scalar = new(at, form);
        string value = scalar.Scan();
        (simpleKeyAllowed, afterJsonLike) = (scalar.EndedByIndent, false);
        barringTab = scalar.EndedByIndent ? -1 : barringTab;
        tokens.Enqueue(new(TokenKind.PlainScalar, start) { End = scalar.EndOfText, Value = value, Style = ScalarStyle.Plain });
    }

    private void ScanQuoted()
    {
        int start = at.At;
        bool isSingle = at.Here == '\'';
        OpenSimpleKey();
        at.Take();
        string value = new ScalarScanner(at, isSingle ? SingleQuoted : DoubleQuoted).Scan();
        (simpleKeyAllowed, afterJsonLike, scalarAllowed) = (false, true, IsInFlow);
        tokens.Enqueue(new(TokenKind.OtherScalar, start) { End = at.At, Value = value, Style = isSingle ? ScalarStyle.SingleQuoted : ScalarStyle.DoubleQuoted });
    }

    private void ScanBlockScalar()
    {
        int start = at.At;
        ScalarStyle style = at.Take() == '|' ? ScalarStyle.Literal : ScalarStyle.Folded;
        (Chomping chomping, int indent) = BlockHeader();
        int headerEnd = at.At;
        at.SkipBlanks();
        if (at.Here == '#')
        {
            at.SkipLine();
        }

        if (!at.IsAtEnd && !at.IsAtBreak)
        {
            throw Refusal.At(at.At, at.At + 1, "text behind the header of a block scalar", "begin the text in the next line");
        }

        ScalarScanner scalar = new(at, new(style == ScalarStyle.Literal ? Folding.None : Folding.Block)
        {
            Chomping = chomping,
            Ends = at => Characters.IsEnd(at.Here),
            DetectsIndent = indent == 0,
            Indent = Math.Max(1, indent) + Math.Max(0, indentations.Peek().Column),
        });
        string value = scalar.Scan();
        (simpleKeyAllowed, afterJsonLike) = (true, false);
        barringTab = -1;
        tokens.Enqueue(new(TokenKind.OtherScalar, start) { End = Math.Max(headerEnd, scalar.EndOfText), Value = value, Style = style });
    }

    /// <summary>One sign and one digit at most, in any order; the digit is 0 where there is none.</summary>
    private (Chomping Chomping, int Indent) BlockHeader()
    {
        (Chomping chomping, int indent) = (Chomping.Clip, 0);
        for ((bool sign, bool digit) = (true, true); (sign && at.Here is '+' or '-') || (digit && at.Here is >= '0' and <= '9');)
        {
            int start = at.At;
            char taken = at.Take();
            switch (taken)
            {
                case '0':
                    throw Refusal.At(start, at.At, "a block scalar with an indentation of 0", "write a digit from 1 to 9, or none");
                case '+' or '-':
                    (chomping, sign) = (taken == '+' ? Chomping.Keep : Chomping.Strip, false);
                    break;
                default:
                    (indent, digit) = (taken - '0', false);
                    break;
            }
        }

        return (chomping, indent);
    }
}
