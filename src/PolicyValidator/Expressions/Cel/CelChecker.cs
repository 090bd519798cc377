using PolicyValidator.Expressions.Re2;
using PolicyValidator.Rules;

namespace PolicyValidator.Expressions.Cel;

/// <summary>
/// Envoy's checks after parsing. Names and types are looked up at run time only: <c>no_such</c> and <c>1 + 'a'</c> pass.
/// </summary>
internal static class CelChecker
{
    /// <summary>The size that a constant pattern may compile to, in instructions.</summary>
    public const int MaxProgramSize = 100;

    /// <summary>The first problem: functions before all else, as Envoy resolves them first.</summary>
    public static CelProblem? Check(CelNode root, EnvoyVersion version)
    {
        List<CelNode> nodes = [];
        Collect(root, nodes);
        return nodes.OfType<CelCall>().Select(Function).FirstOrDefault(problem => problem is not null)
            ?? nodes.Select(node => Construction(node, version)).FirstOrDefault(problem => problem is not null);
    }

    // Trees are at most CelParser.MaxDepth deep.
    private static void Collect(CelNode node, List<CelNode> nodes)
    {
        nodes.Add(node);
        foreach (CelNode child in node.Children)
        {
            Collect(child, nodes);
        }
    }

    private static CelProblem? Function(CelCall call) =>
        CelFunctions.Problem(call) is { } message ? At(call.Token, CelProblemKind.UnknownFunction, message) : null;

    private static CelProblem? Construction(CelNode node, EnvoyVersion version) => node switch
    {
        _ when CelMacros.IsLoop(node) => At(node.Token, CelProblemKind.Comprehension,
            $"{node.Token.Text}(…) loops over a list or a map, which Envoy switches off; send the whole attribute and loop in the processor"),
        CelMessage message when CelMessages.Problem(message) is { } problem => At(problem.Token, CelProblemKind.UnknownMessage, problem.Message),
        CelCall { Function: "matches" } call => Pattern(call, version),
        _ => null,
    };

    private static CelProblem? Pattern(CelCall call, EnvoyVersion version)
    {
        if ((call.Target is null ? call.Arguments[1] : call.Arguments[0]).Meaning is not CelConstant { Text: { } pattern } constant)
        {
            return null;
        }

        // Expressions match UTF-8, also where Envoy's own matchers read Latin-1.
        Re2Verdict verdict = Re2Pattern.Check(pattern, Re2Dialect.OfExpressions(version));
        return verdict.Error is { } error ? At(constant.Token, CelProblemKind.Regex, $"RE2 refuses the pattern {constant.Token.Text}: {error}")
            : verdict.ProgramSize > MaxProgramSize ? At(constant.Token, CelProblemKind.Regex,
                $"the pattern {constant.Token.Text} compiles to {verdict.ProgramSize} instructions; expressions may have {MaxProgramSize}, so repeat less or match less exactly")
            : null;
    }

    private static CelProblem At(CelToken token, CelProblemKind kind, string message) => new(kind, token.Offset, token.Text.Length, message);
}
