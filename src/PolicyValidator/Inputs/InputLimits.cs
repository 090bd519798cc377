namespace PolicyValidator.Inputs;

/// <summary>How much of a hostile text is read before it is called a finding.</summary>
internal static class InputLimits
{
    /// <summary>Mappings and sequences inside each other. Envoy's own JSON reader, through which YAML goes too, stops at the same depth.</summary>
    public const int MaxDepth = 100;

    /// <summary>Values that aliases may repeat in one text, so that a few lines cannot grow into gigabytes.</summary>
    public const int MaxAliasedNodes = 100_000;

    /// <summary>What a JSON pointer shows of a key, in UTF-16 units.</summary>
    public const int MaxPointerStep = 1000;

    /// <summary>Words and signs of YAML that are read ahead in one line, until it is known whether the line begins with a key.</summary>
    public const int MaxTokensAhead = 5_000_000;

    /// <summary>Values in one text.</summary>
    public const int MaxNodes = 5_000_000;

    /// <summary>Texts inside values of texts: YAML in JSON in YAML in a ConfigMap is three deep.</summary>
    public const int MaxNesting = 5;
}

/// <summary>Ends the reading of a text: it breaks the rules of its format, or a limit.</summary>
internal sealed class SyntaxException(SyntaxProblem problem) : Exception(problem.Message)
{
    public SyntaxProblem Problem { get; } = problem;
}
