using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.LibYaml;

/// <summary>One function a kind of token.</summary>
internal sealed partial class Scanner
{
    private void Indicator(TokenKind kind)
    {
        tokens.AddLast(new Token(kind, at.At) { End = at.At + 1 });
        at.Take();
    }

    private void FetchDocumentLine()
    {
        if (at.Here == '%')
        {
            tokens.AddLast(DirectiveScanner.Scan(at));
            return;
        }

        int start = at.At;
        TokenKind kind = at.Here == '-' ? TokenKind.DocumentStart : TokenKind.DocumentEnd;
        at.Skip(3);
        tokens.AddLast(new Token(kind, start) { End = at.At });
    }

    private void FetchFlowStart()
    {
        SaveSimpleKey();
        simpleKeys.Add(default);
        simpleKeyAllowed = true;
        Indicator(at.Here == '[' ? TokenKind.FlowSequenceStart : TokenKind.FlowMappingStart);
    }

    private void FetchFlowEnd()
    {
        DropSimpleKey();
        if (IsInFlow)
        {
            simpleKeys.RemoveAt(simpleKeys.Count - 1);
        }

        simpleKeyAllowed = false;
        Indicator(at.Here == ']' ? TokenKind.FlowSequenceEnd : TokenKind.FlowMappingEnd);
    }

    private void FetchBlockIndicator(TokenKind kind, TokenKind start, string indicator, bool allowsKey)
    {
        if (!IsInFlow)
        {
            RequireKeyAllowed(indicator);
            RollIndent(at.Column, start, at.At, null);
        }

        DropSimpleKey();
        simpleKeyAllowed = allowsKey;
        Indicator(kind);
    }

    private void FetchValue()
    {
        int level = simpleKeys.Count - 1;
        if (IsStillPossible(level))
        {
            SimpleKey key = simpleKeys[level];
            key.Token!.Value.Status = TokenStatus.Valid;
            RollIndent(key.Column, TokenKind.BlockMappingStart, key.Token.Value.Start, key.Token);
            simpleKeys[level] = default;
            simpleKeyAllowed = false;
        }
        else
        {
            if (!IsInFlow)
            {
                RequireKeyAllowed("':'");
                RollIndent(at.Column, TokenKind.BlockMappingStart, at.At, null);
            }

            simpleKeyAllowed = !IsInFlow;
        }

        Indicator(TokenKind.Value);
    }

    private void RequireKeyAllowed(string indicator)
    {
        if (!simpleKeyAllowed)
        {
            throw skippedTab >= 0
                ? Refusal.At(skippedTab, skippedTab + 1, "a tab on the way to a key or an item", "use spaces: no key and no '-' may follow a tab on its line")
                : Refusal.At(at.At, at.At + 1, $"{indicator} where no key or item can begin", "put the value in quotes, or begin a new line");
        }
    }

    private Token AnchorOrAlias()
    {
        int start = at.At;
        TokenKind kind = at.Take() == '*' ? TokenKind.Alias : TokenKind.Anchor;
        string name = at.TakeWord();
        return name.Length > 0 && (at.IsAtBlankBreakOrEnd || at.Here is '?' or ':' or ',' or ']' or '}' or '%' or '@' or '`')
            ? new(kind, start) { End = at.At, Value = name }
            : throw Refusal.At(start, at.At, "an anchor or alias with a strange name", "write letters and digits behind & or *, or put the value in quotes");
    }

    private void FetchPlain()
    {
        bool begins = at.Here switch
        {
            '-' => !Cursor.IsBlank(at.Ahead(1)),
            '?' or ':' => !IsInFlow && !Cursor.IsBlankBreakOrEnd(at.Ahead(1)),
            ',' or '[' or ']' or '{' or '}' or '#' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' => false,
            _ => !at.IsAtBlankBreakOrEnd,
        };
        if (!begins)
        {
            throw at.Here == '\t'
                ? Refusal.At(at.At, at.At + 1, "a tab where a key or an item can begin", "use spaces, or leave the line empty")
                : Refusal.At(at.At, at.At + 1, $"'{at.Here}' cannot begin a value here", "put the value in quotes");
        }

        SaveSimpleKey();
        PlainScanner scalar = new(at, indent, IsInFlow);
        tokens.AddLast(scalar.Scan());
        simpleKeyAllowed = scalar.EndedByLine;
    }
}
