namespace PolicyValidator.Expressions.Cel;

/// <summary>Ends the reading of an expression at its first problem.</summary>
internal sealed class CelException(CelProblem problem) : Exception(problem.Message)
{
    /// <summary>The problem.</summary>
    public CelProblem Problem { get; } = problem;

    /// <summary>A syntax error at a token.</summary>
    public static CelException Syntax(CelToken token, string message) => Syntax(token.Offset, token.Text.Length, message);

    /// <summary>A syntax error at a place.</summary>
    public static CelException Syntax(int offset, int length, string message) => new(new(CelProblemKind.Syntax, offset, length, message));
}
