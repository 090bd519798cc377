namespace PolicyValidator.Inputs;

/// <summary>A comment that speaks to this program: <c># policy-validator: ignore EP001 -- reason</c>.</summary>
/// <param name="Source">The text.</param>
/// <param name="Span">The comment, from its number sign on.</param>
/// <param name="Line">The line that it is about, from 1; 0 for the whole file.</param>
/// <param name="Rules">The words that should name rules.</param>
/// <param name="Reason">What stands behind the dashes; empty when it says nothing.</param>
/// <param name="Misread">What of it is not understood; null when all is.</param>
public sealed record SuppressionComment(SourceText Source, SourceSpan Span, int Line, IReadOnlyList<string> Rules, string Reason, string? Misread)
{
    /// <summary>The line that stands for the whole file.</summary>
    public const int WholeFile = 0;

    /// <summary>Whether it can do anything: a suppression without a reason does not.</summary>
    public bool Works => Misread is null && Reason.Length > 0;
}
