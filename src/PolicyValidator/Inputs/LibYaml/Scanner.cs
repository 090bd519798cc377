using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.LibYaml;

/// <summary>
/// Text to tokens as go-yaml's scanner makes them, through which kubectl, Helm and the controllers read files. It is libyaml's in Go; the
/// order of the steps is that of the original (libyaml, Kirill Simonov, MIT licence).
/// </summary>
internal sealed partial class Scanner
{
    private const int MaxKeyLength = 1024;

    private readonly Cursor at;
    private readonly LinkedList<Token> tokens = [];
    private readonly Stack<int> indents = [];
    private readonly List<SimpleKey> simpleKeys = [default];
    private int indent = -1;
    private bool simpleKeyAllowed = true;
    private bool ended;
    private int skippedTab = -1;

    /// <summary>Begins with the first character.</summary>
    /// <param name="text">The text, which ends in a line break.</param>
    public Scanner(string text) => at = new(text);

    private bool IsInFlow => simpleKeys.Count > 1;

    /// <summary>The next token; null at the end of the text.</summary>
    /// <exception cref="SyntaxException">There is none that may stand here.</exception>
    public Token? Peek()
    {
        while (true)
        {
            switch (tokens.First?.Value)
            {
                case { Status: TokenStatus.Valid } next:
                    return next;
                case { Status: TokenStatus.Invalid }:
                    tokens.RemoveFirst();
                    break;
                case null when ended:
                    return null;
                case { } key when ended || !IsStillPossible(simpleKeys.FindIndex(each => ReferenceEquals(each.Token?.Value, key))):
                    key.Status = TokenStatus.Invalid;
                    break;
                default:
                    FetchNext();
                    break;
            }
        }
    }

    /// <summary>Takes the next token.</summary>
    public Token? Pop()
    {
        Token? next = Peek();
        if (next is not null)
        {
            tokens.RemoveFirst();
        }

        return next;
    }

    private bool IsStillPossible(int level)
    {
        if (level < 0 || simpleKeys[level] is not { Token: not null } key)
        {
            return false;
        }

        bool isPossible = key.Line == at.Line && key.Index + MaxKeyLength >= at.Index;
        if (!isPossible)
        {
            Drop(level);
        }

        return isPossible;
    }

    private void FetchNext()
    {
        SkipToToken();
        UnrollIndents(at.Column);
        if (at.IsAtEnd)
        {
            UnrollIndents(-1);
            DropSimpleKey();
            (simpleKeyAllowed, ended) = (false, true);
        }
        else if (at.Column == 0 && (at.Here == '%' || at.IsAtMarker))
        {
            UnrollIndents(-1);
            DropSimpleKey();
            simpleKeyAllowed = false;
            FetchDocumentLine();
        }
        else if (!FetchIndicator())
        {
            FetchValueOrProperty();
        }
    }

    private bool FetchIndicator()
    {
        switch (at.Here)
        {
            case '[' or '{':
                FetchFlowStart();
                return true;
            case ']' or '}':
                FetchFlowEnd();
                return true;
            case ',':
                DropSimpleKey();
                simpleKeyAllowed = true;
                Indicator(TokenKind.FlowEntry);
                return true;
            case '-' when Cursor.IsBlankBreakOrEnd(at.Ahead(1)):
                FetchBlockIndicator(TokenKind.BlockEntry, TokenKind.BlockSequenceStart, "'-'", allowsKey: true);
                return true;
            case '?' when IsInFlow || Cursor.IsBlankBreakOrEnd(at.Ahead(1)):
                FetchBlockIndicator(TokenKind.Key, TokenKind.BlockMappingStart, "'?'", allowsKey: !IsInFlow);
                return true;
            case ':' when IsInFlow || Cursor.IsBlankBreakOrEnd(at.Ahead(1)):
                FetchValue();
                return true;
            default:
                return false;
        }
    }

    private void FetchValueOrProperty()
    {
        switch (at.Here)
        {
            case '*' or '&':
                SaveSimpleKey();
                simpleKeyAllowed = false;
                tokens.AddLast(AnchorOrAlias());
                break;
            case '!':
                SaveSimpleKey();
                simpleKeyAllowed = false;
                tokens.AddLast(TagScanner.Scan(at));
                break;
            case '|' or '>' when !IsInFlow:
                DropSimpleKey();
                simpleKeyAllowed = true;
                tokens.AddLast(new BlockScalarScanner(at, indent).Scan());
                break;
            case '\'' or '"':
                SaveSimpleKey();
                simpleKeyAllowed = false;
                tokens.AddLast(new QuotedScanner(at).Scan());
                break;
            default:
                FetchPlain();
                break;
        }
    }

    private void SkipToToken()
    {
        while (true)
        {
            while (at.Here == ' ' || (at.Here == '\t' && (IsInFlow || !simpleKeyAllowed)))
            {
                skippedTab = at.Here == '\t' && !IsInFlow ? at.At : skippedTab;
                at.Take();
            }

            at.SkipComment();
            if (!at.IsAtBreak)
            {
                return;
            }

            at.TakeBreak();
            skippedTab = -1;
            simpleKeyAllowed |= !IsInFlow;
        }
    }

    private void RollIndent(int column, TokenKind start, int offset, LinkedListNode<Token>? before)
    {
        if (IsInFlow || indent >= column)
        {
            return;
        }

        indents.Push(indent);
        indent = column;
        Token token = new(start, offset);
        if (before is null)
        {
            tokens.AddLast(token);
        }
        else
        {
            tokens.AddBefore(before, token);
        }
    }

    private void UnrollIndents(int column)
    {
        for (; !IsInFlow && indent > column; indent = indents.Pop())
        {
            tokens.AddLast(new Token(TokenKind.BlockMappingEnd, at.At));
        }
    }

    /// <summary>The token that comes next may turn out to be a key.</summary>
    private void SaveSimpleKey()
    {
        if (!simpleKeyAllowed)
        {
            return;
        }

        DropSimpleKey();
        Token key = new(TokenKind.Key, at.At) { Status = TokenStatus.Unverified };
        simpleKeys[^1] = new(tokens.AddLast(key), !IsInFlow && indent == at.Column, at.Index, at.Line, at.Column);
    }

    private void DropSimpleKey() => Drop(simpleKeys.Count - 1);

    private void Drop(int level)
    {
        if (simpleKeys[level] is not { Token: { } token } key)
        {
            return;
        }

        if (key.IsRequired)
        {
            throw Refusal.At(token.Value.Start, token.Value.Start, "no ':' follows what should be a key", "write key: value in one line, and indent what belongs to the value above more than its key");
        }

        token.Value.Status = TokenStatus.Invalid;
        simpleKeys[level] = default;
    }

    /// <summary>What may turn out to be a key, at a colon behind it; the token stands before it, and is null for none.</summary>
    private readonly record struct SimpleKey(LinkedListNode<Token>? Token, bool IsRequired, int Index, int Line, int Column);
}
