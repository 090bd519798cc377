namespace PolicyValidator.Expressions.Cel;

/// <summary>Calls that the parser rewrites: <c>has</c>, and the loops, which Envoy then refuses.</summary>
internal static class CelMacros
{
    /// <summary>The call, or what it stands for.</summary>
    public static CelNode Expand(CelCall call)
    {
        if (call is { Target: null, Function: "has", Arguments: [var tested] })
        {
            return tested.Meaning is CelSelect
                ? new CelComposite(call.Token, [tested])
                : throw CelException.Syntax(tested.Token, "has(…) tests a field: its argument must end in .field, as in has(request.time)");
        }

        return call is { Target: not null, Function: "all" or "exists" or "exists_one" or "map" or "filter", Arguments: [_, _] }
            or { Target: not null, Function: "map", Arguments: [_, _, _] }
            ? Loop(call)
            : call;
    }

    /// <summary>Whether the call is a loop.</summary>
    public static bool IsLoop(CelNode node) => node is CelComposite { Token: { Kind: CelTokenKind.Identifier, Text: not "has" } };

    private static CelComposite Loop(CelCall call) => call.Arguments[0].Meaning switch
    {
        CelIdentifier { Name: "__result__" } variable => throw CelException.Syntax(variable.Token, $"{call.Function}(…) uses __result__ itself; call the variable something else"),
        CelIdentifier variable when variable.Name[0] != '.' => new CelComposite(call.Token, call.Children),
        var variable => throw CelException.Syntax(variable.Token, $"the first argument of {call.Function}(…) names the variable; write a plain name"),
    };
}
