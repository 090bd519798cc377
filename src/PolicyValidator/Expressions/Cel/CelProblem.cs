namespace PolicyValidator.Expressions.Cel;

/// <summary>Why Envoy refuses an expression.</summary>
internal enum CelProblemKind
{
    /// <summary>It does not parse: <c>Unable to parse descriptor expression</c>.</summary>
    Syntax,

    /// <summary>It calls what Envoy does not register: <c>No overload found in reference resolve step</c>.</summary>
    UnknownFunction,

    /// <summary>It makes a message of a type, or with a field, that there is not.</summary>
    UnknownMessage,

    /// <summary>It loops: <c>Comprehension support is disabled</c>.</summary>
    Comprehension,

    /// <summary>A constant pattern of <c>matches</c> is not RE2, or compiles to more than 100 instructions.</summary>
    Regex,
}

/// <summary>What is wrong with an expression.</summary>
/// <param name="Kind">Which of Envoy's refusals it is.</param>
/// <param name="Offset">Where in the expression, in UTF-16 units; the expression's length when something is missing at its end.</param>
/// <param name="Length">How much of it is concerned, in UTF-16 units; may be 0.</param>
/// <param name="Message">What was found, what is allowed, what to do.</param>
internal sealed record CelProblem(CelProblemKind Kind, int Offset, int Length, string Message);
