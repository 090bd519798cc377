namespace PolicyValidator.Expressions.Re2;

/// <summary>RE2 refuses the pattern: its own sentence, and where in the pattern the culprit begins (in UTF-16 units).</summary>
internal sealed class PatternException(string message, int offset) : Exception(message)
{
    /// <summary>Where the culprit begins.</summary>
    public int Offset { get; } = offset;
}
