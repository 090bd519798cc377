using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>
/// Text to tokens as yaml-cpp's scanner makes them, which is what Envoy reads YAML with: it takes more than the YAML specification in
/// some places and less in others, tabs above all. The order of the steps is that of the original (yaml-cpp, Jesse Beder, MIT licence).
/// </summary>
internal sealed partial class Scanner
{
    private readonly Cursor at;
    private readonly Queue<Token> tokens = [];
    private readonly Stack<Indentation> indentations = [];
    private readonly Stack<TokenKind> flows = [];
    private readonly SimpleKeys simpleKeys = new();
    private bool ended;
    private bool simpleKeyAllowed = true;
    private bool afterJsonLike;
    private int barringTab = -1;

    private readonly YamlCppRelease release;
    private bool scalarAllowed = true;

    /// <summary>Begins with the first character.</summary>
    public Scanner(string text, YamlCppRelease release)
    {
        at = new(text, release);
        this.release = release;
        indentations.Push(new(-1, null));
    }

    /// <summary>Where the next token will be looked for.</summary>
    public int Position => at.At;

    private bool IsInFlow => flows.Count > 0;

    /// <summary>The next token; null at the end of the text.</summary>
    /// <exception cref="SyntaxException">There is none that may stand here.</exception>
    public Token? Peek()
    {
        while (true)
        {
            if (tokens.TryPeek(out Token? next))
            {
                switch (next.Status)
                {
                    case TokenStatus.Valid:
                        return next;
                    case TokenStatus.Invalid:
                        tokens.Dequeue();
                        continue;
                }
            }

            if (ended)
            {
                return next;
            }

            if (tokens.Count > InputLimits.MaxTokensAhead)
            {
                throw Refusal.At(at.At, at.At, $"more than {InputLimits.MaxTokensAhead} words and signs in one line", "break the line");
            }

            ScanNext();
        }
    }

    /// <summary>Takes the next token.</summary>
    public Token? Pop()
    {
        Token? next = Peek();
        if (next is not null)
        {
            tokens.Dequeue();
        }

        return next;
    }

    private void ScanNext()
    {
        SkipToToken();
        PopIndentationsToHere();
        if (at.IsAtEnd)
        {
            EndStream();
        }
        else if (at.Column == 0 && (at.Here == '%' || at.IsAtMarker))
        {
            PopAllIndentations();
            simpleKeys.Clear();
            (simpleKeyAllowed, afterJsonLike) = (false, false);
            ScanDocumentLine();
        }
        else if (!ScanIndicator())
        {
            ScanValueOrProperty();
        }
    }

    private bool ScanIndicator()
    {
        switch (at.Here)
        {
            case '[' or '{':
                ScanFlowStart();
                return true;
            case ']' or '}':
                ScanFlowEnd();
                return true;
            case ',':
                ScanFlowEntry();
                return true;
            case '-' when Characters.IsBlankBreakOrEnd(at.Ahead(1)):
                ScanBlockEntry();
                return true;
            case '?' when Characters.IsBlankOrBreak(at.Ahead(1)):
                ScanKey();
                return true;
            case ':' when IsInFlow ? afterJsonLike || Characters.IsValueInFlow(at) : Characters.IsValue(at):
                ScanValue();
                return true;
            default:
                return false;
        }
    }

    private void ScanValueOrProperty()
    {
        switch (at.Here)
        {
            case '*' or '&':
                ScanAnchorOrAlias();
                break;
            case '!':
                ScanTag();
                break;
            case '|' or '>' when !IsInFlow:
                ScanBlockScalar();
                break;
            case '\'' or '"':
                RequireScalarAllowed();
                ScanQuoted();
                break;
            default:
                RequireScalarAllowed();
                ScanPlain();
                break;
        }
    }

    private void SkipToToken()
    {
        while (true)
        {
            for (; at.IsAtBlank; at.Take())
            {
                if (at.Here == '\t' && !IsInFlow)
                {
                    barringTab = simpleKeyAllowed ? at.At : barringTab;
                    simpleKeyAllowed = false;
                }
            }

            if (at.Here == '#')
            {
                at.SkipLine();
            }

            if (!at.IsAtBreak)
            {
                return;
            }

            at.SkipBreak();
            simpleKeys.Invalidate(flows.Count);
            simpleKeyAllowed |= !IsInFlow;
            barringTab = -1;
            scalarAllowed = true;
        }
    }

    /// <summary>Behind a quoted value, nothing but a colon goes on in its line.</summary>
    private void RequireScalarAllowed()
    {
        if (!scalarAllowed && release >= YamlCppRelease.V09)
        {
            throw Refusal.At(at.At, at.At + 1, "more text behind a quoted value", "put all of the value in the quotes, or begin a new line");
        }
    }

    private void EndStream()
    {
        at.ResetColumn();
        PopAllIndentations();
        simpleKeys.Clear();
        (simpleKeyAllowed, ended) = (false, true);
    }

    private Indentation? PushIndentation(int column, TokenKind start)
    {
        Indentation last = indentations.Peek();
        bool isDeeper = column > last.Column || (column == last.Column && start == TokenKind.BlockSequenceStart && last.Start == TokenKind.BlockMappingStart);
        if (IsInFlow || !isDeeper)
        {
            return null;
        }

        Indentation pushed = new(column, start) { StartToken = new(start, at.At) };
        tokens.Enqueue(pushed.StartToken);
        indentations.Push(pushed);
        return pushed;
    }

    private void PopIndentationsToHere()
    {
        if (IsInFlow)
        {
            return;
        }

        bool isEntry = at.Here == '-' && Characters.IsBlankBreakOrEnd(at.Ahead(1));
        while (indentations.TryPeek(out Indentation? top) && top.Column >= at.Column
            && (top.Column > at.Column || (top.Start == TokenKind.BlockSequenceStart && !isEntry)))
        {
            PopIndentation();
        }

        while (indentations.TryPeek(out Indentation? top) && top.Status == TokenStatus.Invalid)
        {
            PopIndentation();
        }
    }

    private void PopAllIndentations()
    {
        while (!IsInFlow && indentations.TryPeek(out Indentation? top) && top.Start is not null)
        {
            PopIndentation();
        }
    }

    private void PopIndentation()
    {
        Indentation popped = indentations.Pop();
        if (popped.Status != TokenStatus.Valid)
        {
            simpleKeys.Invalidate(flows.Count);
        }
        else if (popped.Start is { } start)
        {
            tokens.Enqueue(new(start == TokenKind.BlockSequenceStart ? TokenKind.BlockSequenceEnd : TokenKind.BlockMappingEnd, at.At));
        }
    }

    private void OpenSimpleKey()
    {
        if (!simpleKeyAllowed || simpleKeys.IsOpen(flows.Count))
        {
            return;
        }

        Indentation? indentation = IsInFlow ? null : PushIndentation(at.Column, TokenKind.BlockMappingStart);
        Token key = new(TokenKind.Key, at.At);
        tokens.Enqueue(key);
        SimpleKey opened = new(at.Bytes, at.Line, flows.Count, key, indentation);
        opened.Become(TokenStatus.Unverified);
        simpleKeys.Open(opened);
    }
}
