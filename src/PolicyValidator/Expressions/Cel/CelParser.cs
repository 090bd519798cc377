namespace PolicyValidator.Expressions.Cel;

/// <summary>
/// Parses what CEL's C++ parser accepts without optional syntax: Envoy gives it no options.
/// Throws <see cref="CelException"/> at the first error.
/// </summary>
internal sealed class CelParser(List<CelToken> tokens, bool quotedNames)
{
    /// <summary>How deep a tree may be; Envoy's parser gives up beyond.</summary>
    public const int MaxDepth = 32;

    // The outermost expression and 32 inside of one another.
    private const int MaxNestedExpressions = 33;

    private static readonly string[] Relations = ["<", "<=", ">=", ">", "==", "!=", "in"];
    private static readonly string[] Sums = ["+", "-"];
    private static readonly string[] Products = ["*", "/", "%"];

    private readonly CelCursor cursor = new(tokens);
    private int nested;

    /// <summary>Parses all of it.</summary>
    public CelNode Parse()
    {
        CelNode node = Expression();
        return cursor.Current.Kind == CelTokenKind.End ? node : throw cursor.Unexpected("an operator or the end of the expression");
    }

    private CelNode Expression()
    {
        if (++nested > MaxNestedExpressions)
        {
            throw TooDeep(cursor.Current);
        }

        CelNode node = Chain("||", () => Chain("&&", Relation));
        if (cursor.Current.Is("?"))
        {
            CelToken token = cursor.Take();
            CelNode then = Chain("||", () => Chain("&&", Relation));
            cursor.Expect(":");
            node = Checked(new CelComposite(token, [node, then, Expression()]));
        }

        nested--;
        return node;
    }

    // However long, a chain of && or || is one level deep: Envoy balances it.
    private CelNode Chain(string symbol, Func<CelNode> operand)
    {
        List<CelNode> parts = [operand()];
        CelToken token = cursor.Current;
        while (cursor.TryTake(symbol))
        {
            parts.Add(operand());
        }

        return parts.Count == 1 ? parts[0] : Checked(new CelComposite(token, parts));
    }

    private CelNode Relation() => LeftToRight(Relations, () => LeftToRight(Sums, () => LeftToRight(Products, Unary)));

    private CelNode LeftToRight(string[] symbols, Func<CelNode> operand)
    {
        CelNode left = operand();
        while (Array.Exists(symbols, cursor.Current.Is))
        {
            CelToken token = cursor.Take();
            left = Checked(new CelComposite(token, [left, operand()]));
        }

        return left;
    }

    private CelNode Unary()
    {
        CelToken token = cursor.Current;
        if (token.Is("!") || (token.Is("-") && !NextIsSignedNumber()))
        {
            int signs = 0;
            while (cursor.TryTake(token.Text))
            {
                signs++;
            }

            // After signs a number has no sign of its own.
            CelNode operand = Member();
            return Checked(signs % 2 == 0 ? new CelDoubled(token, operand) : new CelComposite(token, [operand]));
        }

        return Member();
    }

    private bool NextIsSignedNumber() => cursor.Current.Is("-") && cursor.Ahead(1).Kind is CelTokenKind.Int or CelTokenKind.Float;

    private CelNode Member()
    {
        CelNode node = Primary();
        while (true)
        {
            if (cursor.Current.Is("."))
            {
                node = Checked(Selected(node));
            }
            else if (cursor.Current.Is("["))
            {
                CelToken token = cursor.Take();
                cursor.RefuseOptional();
                CelNode index = Expression();
                cursor.Expect("]");
                node = Checked(new CelComposite(token, [node, index]));
            }
            else
            {
                return node;
            }
        }
    }

    private CelNode Selected(CelNode operand)
    {
        cursor.Take();
        cursor.RefuseOptional();
        CelToken name = cursor.FieldName(quotedNames);
        string field = name.Text.Trim('`');
        return name.Kind == CelTokenKind.Identifier && cursor.TryTake("(")
            ? CelMacros.Expand(new CelCall(name, operand, field, Arguments()))
            : new CelSelect(name, operand, field);
    }

    private CelNode Primary()
    {
        CelToken token = cursor.Current;
        return token switch
        {
            { Kind: CelTokenKind.Symbol, Text: "(" } => Parenthesized(),
            { Kind: CelTokenKind.Symbol, Text: "[" } => List(),
            { Kind: CelTokenKind.Symbol, Text: "{" } => Map(),
            { Kind: CelTokenKind.Symbol, Text: "-" } when NextIsSignedNumber() => Literal(sign: cursor.Take()),
            { Kind: CelTokenKind.Symbol, Text: "." } or { Kind: CelTokenKind.Identifier } => Named(),
            { Kind: CelTokenKind.Keyword, Text: not "in" } => new CelConstant(cursor.Take(), null),
            { Kind: >= CelTokenKind.Int and <= CelTokenKind.Bytes } => Literal(sign: null),
            _ => throw cursor.Unexpected("a value, a name or an opening bracket"),
        };
    }

    private CelNode Parenthesized()
    {
        cursor.Take();
        CelNode node = Expression();
        cursor.Expect(")");
        return node;
    }

    private CelNode Literal(CelToken? sign)
    {
        CelToken token = cursor.Take();
        return Checked(new CelConstant(token, CelLiterals.Read(token, negative: sign is not null)));
    }

    private CelNode Named()
    {
        if (MessageLength() is { } length)
        {
            return Message(length);
        }

        string dot = cursor.TryTake(".") ? "." : "";
        CelToken name = cursor.Current.Kind == CelTokenKind.Identifier ? cursor.Take() : throw cursor.Unexpected("a name");
        CelReservedWords.Refuse(name);
        return Checked(cursor.TryTake("(")
            ? CelMacros.Expand(new CelCall(name, null, dot + name.Text, Arguments()))
            : new CelIdentifier(name, dot + name.Text));
    }

    // How many words name a message type that a { follows.
    private int? MessageLength()
    {
        int at = cursor.Current.Is(".") ? 1 : 0;
        while (cursor.Ahead(at).Kind == CelTokenKind.Identifier)
        {
            if (cursor.Ahead(at + 1).Is("{"))
            {
                return at + 1;
            }

            if (!cursor.Ahead(at + 1).Is("."))
            {
                return null;
            }

            at += 2;
        }

        return null;
    }

    private CelNode Message(int length)
    {
        CelToken first = cursor.Current;
        string type = string.Concat(Enumerable.Range(0, length).Select(_ => cursor.Take().Text));
        cursor.Take();
        List<CelField> fields = [];
        Items("}", () =>
        {
            CelToken name = cursor.FieldName(quotedNames);
            cursor.Expect(":");
            fields.Add(new(name, name.Text.Trim('`'), Expression()));
        });
        return Checked(new CelMessage(first with { Text = type }, type.TrimStart('.'), fields));
    }

    private CelNode List()
    {
        CelToken token = cursor.Take();
        List<CelNode> items = [];
        Items("]", () => items.Add(Expression()));
        return Checked(new CelComposite(token, items));
    }

    private CelNode Map()
    {
        CelToken token = cursor.Take();
        List<CelNode> parts = [];
        Items("}", () =>
        {
            parts.Add(Expression());
            cursor.Expect(":");
            parts.Add(Expression());
        });
        return Checked(new CelComposite(token, parts));
    }

    // A comma may come last, even alone.
    private void Items(string close, Action item)
    {
        while (!cursor.Current.Is(close) && !(cursor.Current.Is(",") && cursor.Ahead(1).Is(close)))
        {
            cursor.RefuseOptional();
            item();
            if (!cursor.Current.Is(close) && !cursor.TryTake(","))
            {
                break;
            }

            if (cursor.Current.Is(close))
            {
                break;
            }
        }

        cursor.TryTake(",");
        cursor.Expect(close);
    }

    private List<CelNode> Arguments()
    {
        List<CelNode> arguments = [];
        if (cursor.TryTake(")"))
        {
            return arguments;
        }

        do
        {
            arguments.Add(Expression());
        }
        while (cursor.TryTake(","));
        cursor.Expect(")");
        return arguments;
    }

    private static CelNode Checked(CelNode node) => node.Depth <= MaxDepth ? node : throw TooDeep(node.Token);

    private static CelException TooDeep(CelToken token) =>
        CelException.Syntax(token, $"the expression is nested more than {MaxDepth} deep here, which is Envoy's limit; split it, or take operands out of the chain");
}
